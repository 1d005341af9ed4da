import type { ReadonlySignal } from '@preact/signals';
import type { ClientId } from '../core/client-configuration.ts';
import type { SessionId } from '../core/session.ts';
import type { FlowView, Overview } from '../wire/views.ts';
import type { Send } from '../wire/send.ts';
import type { Attempts } from './attempts.ts';

/** What a person can do about a sign-in; popup and options offer the same. */
export interface FlowActions {
  /** With a session: to renew that one, with all that it holds. */
  readonly signIn: (clientId: ClientId, sessionId?: SessionId) => Promise<void>;
  readonly cancelSignIn: () => Promise<void>;
  readonly showSignIn: () => Promise<void>;
  readonly dismissSignIn: () => Promise<void>;
}

/** What a sign-in needs of the world. */
export interface FlowPorts {
  readonly send: Send;
  /** Asks the person for host access. Only works as the first call of a click. */
  readonly requestHostPatterns: (patterns: readonly string[]) => Promise<boolean>;
}

/** See {@link FlowActions}. A sign-in asks first for those hosts of its client that the browser withholds. */
export function createFlowActions(
  { send, requestHostPatterns }: FlowPorts,
  { attempt }: Pick<Attempts, 'attempt'>,
  reload: () => Promise<void>,
  overview: ReadonlySignal<Overview | undefined>,
): FlowActions {
  const ask = async (patterns: readonly string[]): Promise<void> => {
    // Whatever comes of it: the worker looks for itself, and says what is missing still.
    await requestHostPatterns(patterns).catch(() => false);
  };
  const act = (name: string, work: () => Promise<unknown>) => async (): Promise<void> => {
    await attempt(name, work);
    await reload();
  };
  return {
    signIn: (clientId, sessionId) => {
      const patterns = overview.value?.missingHostPatternsOf[clientId] ?? [];
      const asked = patterns.length === 0 ? undefined : ask(patterns);
      return act('sign-in', async () => {
        await asked;
        await send('flow.start', { clientId, ...(sessionId === undefined ? {} : { sessionId }) });
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
