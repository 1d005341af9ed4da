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

/** See {@link FlowActions}. */
export function createFlowActions(
  send: Send,
  { attempt }: Pick<Attempts, 'attempt'>,
  reload: () => Promise<void>,
  /** Asks the browser for the hosts of a client, within the click; undefined when it has them all. */
  allowHosts: (clientId: ClientId) => Promise<unknown> | undefined,
): FlowActions {
  const act = (name: string, work: () => Promise<unknown>) => async (): Promise<void> => {
    await attempt(name, work);
    await reload();
  };
  return {
    signIn: (clientId, sessionId) => {
      const start = (): Promise<unknown> =>
        send('flow.start', { clientId, ...(sessionId === undefined ? {} : { sessionId }) });
      const allowed = allowHosts(clientId);
      return act('sign-in', () => (allowed === undefined ? start() : allowed.then(start)))();
    },
    cancelSignIn: act('cancel', () => send('flow.cancel', {})),
    showSignIn: act('show', () => send('flow.show', {})),
    dismissSignIn: act('dismiss', () => send('flow.dismiss', {})),
  };
}

/** Asks for what the browser withholds of a client's hosts, and for no other. */
export function hostAsker(
  overview: () => Overview | undefined,
  requestHostPatterns: (patterns: readonly string[]) => Promise<unknown>,
): (clientId: ClientId) => Promise<unknown> | undefined {
  return (clientId) => {
    const patterns = overview()?.missingHostPatternsOf[clientId];
    return patterns === undefined ? undefined : requestHostPatterns(patterns);
  };
}

/** Whether a sign-in is running, so that no other can be started. */
export function isFlowRunning(flow: FlowView | undefined): boolean {
  return flow?.state === 'waiting' || flow?.state === 'exchanging';
}
