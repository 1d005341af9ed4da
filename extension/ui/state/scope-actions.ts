import { draftOf, type ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Send } from '#wire/send.ts';
import type { FlowActions } from './flow-actions.ts';

/** What can be done when a session lacks a scope. */
export interface ScopeActions {
  /**
   * Adds scopes to those that the client requests, then signs in again, which renews the session with them. Must be called
   * within a click, because the browser may ask for hosts.
   */
  readonly addScopesAndSignIn: (
    clientId: ClientId,
    scopes: readonly string[],
    sessionId: SessionId,
  ) => Promise<void>;
}

export function createScopeActions(
  { send }: { readonly send: Send },
  { signIn }: Pick<FlowActions, 'signIn'>,
): ScopeActions {
  return {
    addScopesAndSignIn: (clientId, scopes, sessionId) => {
      const added = addScopes(send, clientId, scopes);
      // Reported by the sign-in, unless that does not get so far.
      added.catch(() => undefined);
      return signIn(clientId, sessionId, added);
    },
  };
}

/** Without a secret, so that the stored one is kept. */
async function addScopes(send: Send, id: ClientId, scopes: readonly string[]): Promise<void> {
  const client = await send('client.get', { id });
  const all = new Set([...client.scopes, ...scopes]);
  if (all.size === client.scopes.length) return;
  await send('client.update', { id, client: { ...draftOf(client), scopes: [...all] } });
}
