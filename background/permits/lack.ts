import { isClosedTo3lo, lackingScopes } from '#core/operations/lacking-scopes.ts';
import type { CloudCall, OperationTable } from '#core/operations/operation-table.ts';
import type { Permitted } from '#wire/page-api.ts';

/** Why Atlassian answers 401 to a session of a 3LO app. */
export type Lack = Extract<Permitted, { readonly status: 401 }>;

/** What a session with these scopes lacks for a call; undefined when it lacks nothing, or the operation is not known. */
export function lackOf(
  call: CloudCall,
  scopes: readonly string[],
  table: OperationTable,
): Lack | undefined {
  const operation = table.find(call);
  if (operation === undefined) return undefined;
  if (isClosedTo3lo(operation)) {
    const message = 'Atlassian does not let OAuth 2.0 (3LO) apps call this operation.';
    return { ok: false, status: 401, rule: 'closed-to-3lo', missingScopes: [], message };
  }
  const missingScopes = lackingScopes(operation, scopes);
  if (missingScopes.length === 0) return undefined;
  const message = `The session lacks scopes that this operation needs: ${missingScopes.join(' ')}. Add them to the client in Threelo, and sign in again.`;
  return { ok: false, status: 401, rule: 'scopes', missingScopes, message };
}
