import type { ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { Send } from '#wire/send.ts';
import type { FlowView, Overview } from '#wire/views.ts';
import type { PendingActions } from './pending-actions.ts';

/** The actions on a sign-in, shared by popup and options. */
export interface FlowActions {
  /** With a session id, the sign-in renews that session and keeps its data. */
  readonly signIn: (clientId: ClientId, sessionId?: SessionId) => Promise<void>;
  readonly cancelSignIn: () => Promise<void>;
  readonly showSignIn: () => Promise<void>;
  readonly dismissSignIn: () => Promise<void>;
}

type SignInRequest = RequestOf<'flow.prepare'>;

/** Dependencies of a sign-in. */
export interface FlowPorts {
  readonly send: Send;
  /**
   * Requests host access. Only works within a click, before any `await`. `prepared` resolves once the worker has stored
   * what it needs after the answer.
   */
  readonly requestHostPatterns: (
    patterns: readonly string[],
    prepared?: Promise<unknown>,
  ) => Promise<boolean>;
}

/** Dependencies of requesting the host permission of an origin. */
export interface HostPermissionPorts extends FlowPorts {
  readonly hostPattern: (origin: Origin) => string;
}

/**
 * A sign-in first requests the host permissions that its client lacks. The worker stores the sign-in before that, because
 * the prompt may close the page that requests them.
 */
export function createFlowActions(
  { send, requestHostPatterns }: FlowPorts,
  { runAndReload }: PendingActions,
  overview: ReadonlySignal<Pick<Overview, 'missingHostPatternsOf'> | undefined>,
): FlowActions {
  const requestHosts = async (
    request: SignInRequest,
    patterns: readonly string[],
  ): Promise<{ preparedId?: string }> => {
    const prepared = send('flow.prepare', request);
    // The results do not matter: the worker checks the permissions itself, and reports what is still missing.
    await requestHostPatterns(patterns, prepared).catch(() => false);
    return prepared.then(
      ({ id }) => ({ preparedId: id }),
      () => ({}),
    );
  };
  return {
    signIn: (clientId, sessionId) => {
      const patterns = overview.value?.missingHostPatternsOf[clientId] ?? [];
      const request = { clientId, ...(sessionId === undefined ? {} : { sessionId }) };
      const requested = patterns.length === 0 ? undefined : requestHosts(request, patterns);
      return runAndReload('sign-in', async () => {
        await send('flow.start', { ...request, ...(await requested) });
      });
    },
    cancelSignIn: () => runAndReload('cancel', () => send('flow.cancel', {})),
    showSignIn: () => runAndReload('show', () => send('flow.show', {})),
    dismissSignIn: () => runAndReload('dismiss', () => send('flow.dismiss', {})),
  };
}

/** Whether a sign-in is running; only one can run at a time. */
export function isFlowRunning(flow: FlowView | undefined): boolean {
  return flow?.state === 'waiting' || flow?.state === 'exchanging';
}
