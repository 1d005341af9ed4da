import type { ReadonlySignal } from '@preact/signals';
import type { ClientId } from '../../core/client/client-configuration.ts';
import type { SessionId } from '../../core/session/session.ts';
import type { RequestOf } from '../../wire/commands.ts';
import type { Send } from '../../wire/send.ts';
import type { FlowView, Overview } from '../../wire/views.ts';
import type { Attempts } from './pending-actions.ts';

/** What a person can do about a sign-in; popup and options offer the same. */
export interface FlowActions {
  /** With a session: to renew that one, with all that it holds. */
  readonly signIn: (clientId: ClientId, sessionId?: SessionId) => Promise<void>;
  readonly cancelSignIn: () => Promise<void>;
  readonly showSignIn: () => Promise<void>;
  readonly dismissSignIn: () => Promise<void>;
}

type WantedFlow = RequestOf<'flow.prepare'>;

/** What a sign-in needs of the world. */
export interface FlowPorts {
  readonly send: Send;
  /**
   * Asks the person for host access. Only works within a click, with nothing awaited before; `prepared` is what has to be
   * stored by the time of the answer.
   */
  readonly requestHostPatterns: (
    patterns: readonly string[],
    prepared?: Promise<unknown>,
  ) => Promise<boolean>;
}

/**
 * See {@link FlowActions}. A sign-in asks first for those hosts of its client that the browser withholds; the worker
 * knows of it by then, for the prompt may close the page that asks.
 */
export function createFlowActions(
  { send, requestHostPatterns }: FlowPorts,
  { attempt }: Pick<Attempts, 'attempt'>,
  reload: () => Promise<void>,
  overview: ReadonlySignal<Overview | undefined>,
): FlowActions {
  const ask = async (
    wanted: WantedFlow,
    patterns: readonly string[],
  ): Promise<{ preparedId?: string }> => {
    const prepared = send('flow.prepare', wanted);
    // Whatever comes of both: the worker looks for itself, and says what is missing still.
    await requestHostPatterns(patterns, prepared).catch(() => false);
    return prepared.then(
      ({ id }) => ({ preparedId: id }),
      () => ({}),
    );
  };
  const act = (name: string, work: () => Promise<unknown>) => async (): Promise<void> => {
    await attempt(name, work);
    await reload();
  };
  return {
    signIn: (clientId, sessionId) => {
      const patterns = overview.value?.missingHostPatternsOf[clientId] ?? [];
      const wanted = { clientId, ...(sessionId === undefined ? {} : { sessionId }) };
      const asked = patterns.length === 0 ? undefined : ask(wanted, patterns);
      return act('sign-in', async () => {
        await send('flow.start', { ...wanted, ...(await asked) });
      })();
    },
    cancelSignIn: act('cancel', () => send('flow.cancel', {})),
    showSignIn: act('show', () => send('flow.show', {})),
    dismissSignIn: act('dismiss', () => send('flow.dismiss', {})),
  };
}

/** Whether a sign-in is running, so that no other can be started. */
export function isFlowRunning(flow: FlowView | undefined): boolean {
  return flow?.state === 'waiting' || flow?.state === 'exchanging';
}
