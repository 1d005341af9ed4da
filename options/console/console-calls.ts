import { signal, type ReadonlySignal } from '@preact/signals';
import { BrokerError, toFault, type Fault } from '#core/values/fault.ts';
import type { ConsoleResponse } from '#wire/console.ts';
import type { RefusingRule } from '#wire/page-api.ts';
import { ruleOf } from '#wire/refusal.ts';
import type { Send } from '#wire/send.ts';
import { hasBody, type ConsoleDraft } from './console-draft.ts';
import { shownBody, type ShownBody } from './shown-body.ts';

/** How a call goes, or how it ended. */
type Outcome =
  | { readonly state: 'running'; readonly callId: string }
  | {
      readonly state: 'answered';
      readonly response: ConsoleResponse;
      /** Undefined when the body is no text. */
      readonly body: ShownBody | undefined;
    }
  | {
      readonly state: 'failed';
      readonly fault: Fault;
      /** The rule that refused the call: it was not sent. */
      readonly rule: RefusingRule | undefined;
    }
  /** `mayHaveRun`: it could change something, and may have been sent. */
  | { readonly state: 'cancelled'; readonly mayHaveRun: boolean };

/** The last call. It is in memory only. */
export type ConsoleRun = Outcome & {
  /** Method and path, as they were sent. */
  readonly request: string;
};

export interface ConsoleCalls {
  /** Undefined before the first call. */
  readonly run: ReadonlySignal<ConsoleRun | undefined>;
  /** Sends a call with a site, unless one is running. */
  readonly call: (draft: ConsoleDraft) => void;
  /** Aborts the call that is running. */
  readonly cancel: () => void;
}

export function createConsoleCalls(send: Send): ConsoleCalls {
  const run = signal<ConsoleRun | undefined>(undefined);
  let isWrite = false;
  const perform = async (draft: ConsoleDraft, request: string, callId: string): Promise<void> => {
    const ended = await outcomeOf(send, draft, callId);
    const current = run.peek();
    // A call that was cancelled ends later than it is said to.
    if (current?.state === 'running' && current.callId === callId)
      run.value = { request, ...ended };
  };
  return {
    run,
    call: (draft) => {
      if (run.peek()?.state === 'running') return;
      const callId = crypto.randomUUID();
      isWrite = hasBody(draft);
      const request = `${draft.method} ${draft.path}`;
      run.value = { request, state: 'running', callId };
      void perform(draft, request, callId);
    },
    cancel: () => {
      const current = run.peek();
      if (current?.state !== 'running') return;
      run.value = { request: current.request, state: 'cancelled', mayHaveRun: isWrite };
      send('console.cancel', { callId: current.callId }).catch(() => undefined);
    },
  };
}

/** Sends a call; never rejects. As for a page, a call that the browser lost with the worker is sent again once when it only reads. */
async function outcomeOf(send: Send, draft: ConsoleDraft, callId: string): Promise<Outcome> {
  const { site, method, path, body } = draft;
  if (site === undefined) return failed(toFault(undefined));
  const isWrite = hasBody(draft);
  const content = isWrite && body.trim() !== '' ? { body: body.trim() } : {};
  const attempt = () => send('console.send', { callId, site, method, path, ...content });
  try {
    const response = await attempt().catch((thrown: unknown) => {
      const isLost = toFault(thrown).code === 'unavailable';
      if (!isLost || isWrite) throw thrown;
      return attempt();
    });
    return answered(response);
  } catch (thrown) {
    const fault = toFault(thrown);
    // The worker may have sent it before it stopped.
    const isUnknown = isWrite && fault.code === 'unavailable';
    return failed(isUnknown ? toFault(new BrokerError('outcome_unknown')) : fault);
  }
}

function failed(fault: Fault): Outcome {
  return { state: 'failed', fault, rule: ruleOf(fault) };
}

function answered(response: ConsoleResponse): Outcome {
  const [, contentType] = response.headers.find(([name]) => name === 'content-type') ?? [];
  const { text } = response;
  const body = text === undefined ? undefined : shownBody(text, contentType);
  return { state: 'answered', response, body };
}
