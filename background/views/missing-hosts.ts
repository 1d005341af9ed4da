import type { StoredSession } from '#storage/schema.ts';
import type { Overview } from '#wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Grants } from '../grants/grants.ts';
import type { Clients } from '../clients/clients.ts';
import { heldPatterns } from '../platform/held-patterns.ts';
import type { World } from '../platform/world.ts';

interface Dependencies {
  readonly clients: Pick<Clients, 'list'>;
  readonly sessions: () => readonly StoredSession[];
  readonly grants: Pick<Grants, 'missingPolicyPatterns'>;
  readonly world: Pick<World, 'permissions'>;
}

/** The match patterns that clients and the organization's policy need and for which the permission is missing. */
export async function missingPatterns({
  clients,
  sessions,
  grants,
  world: { permissions },
}: Dependencies): Promise<
  Pick<Overview, 'missingHostPatterns' | 'missingHostPatternsOf' | 'missingPolicyPatterns'>
> {
  const needs = clients.list().map((client) => ({
    client,
    patterns: hostPatternsOf(client, permissions),
  }));
  const needed = [...new Set(needs.flatMap(({ patterns }) => patterns))];
  const held = await heldPatterns(needed, permissions);
  const lacking = needs.flatMap(({ client, patterns }) => {
    const lacks = patterns.filter((pattern) => !held.has(pattern));
    return lacks.length === 0 ? [] : [{ client, patterns: lacks }];
  });
  const signedIn = new Set(sessions().map(({ clientId }) => clientId));
  const inUse = lacking.filter(
    ({ client: { id, type } }) => type === 'atlassian-cloud' || signedIn.has(id),
  );
  const ofPolicy = lacking.filter(({ client }) => client.policy !== undefined);
  return {
    missingPolicyPatterns: [
      ...new Set([
        ...grants.missingPolicyPatterns(),
        ...ofPolicy.flatMap(({ patterns }) => patterns),
      ]),
    ],
    missingHostPatterns: [...new Set(inUse.flatMap(({ patterns }) => patterns))],
    missingHostPatternsOf: Object.fromEntries(
      lacking.map(({ client, patterns }) => [client.id, patterns]),
    ),
  };
}
