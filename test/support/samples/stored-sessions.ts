import type { ClientId } from '../../../extension/core/client/client-configuration.ts';
import { nameOrder } from '../../../extension/core/values/name-order.ts';
import { defaultSettings } from '../../../extension/core/values/settings.ts';
import type { SessionId } from '../../../extension/core/session/session.ts';
import type { CloudId, Site } from '../../../extension/core/session/site.ts';
import type { StoredClient, StoredSession } from '../../../extension/storage/schema.ts';

/** A session as it is stored, with a client of its own; its id ends with the number. */
export function aStoredSession(number: number, part: Partial<StoredSession> = {}): StoredSession {
  const digits = String(number).padStart(12, '0');
  return {
    id: `00000000-0000-4000-8000-${digits}` as SessionId,
    clientId: `11111111-0000-4000-8000-${digits}` as ClientId,
    account: {
      accountId: `account-${String(number)}`,
      name: `Person ${String(number)}`,
      email: `person-${String(number)}@example.com`,
    },
    sites: [],
    sitesReadAtMs: 1,
    lostSites: [],
    isIdentified: true,
    scopes: ['read:jira-work'],
    status: 'valid',
    statusSinceMs: 1,
    generation: 1,
    signedInAtMs: 1,
    refreshedAtMs: 1,
    ...part,
  };
}

/** A site as it is stored; its cloud id is derived from its name. */
export function aStoredSite(name: string, part: Partial<Site> = {}): Site {
  const host = name.toLowerCase().replaceAll(' ', '-');
  return {
    cloudId: `cloud-${host}` as CloudId,
    product: 'jira',
    url: `https://${host}.atlassian.net`,
    name,
    scopes: ['read:jira-work'],
    ...part,
  };
}

/** As many sessions, which have as many sites together. */
export function manySessions(sessions: number, sites: number): StoredSession[] {
  const each = sites / sessions;
  return Array.from({ length: sessions }, (_, number) =>
    aStoredSession(number, {
      sites: Array.from({ length: each }, (_site, at) =>
        aStoredSite(`Site ${String(number * each + at)}`),
      ),
    }),
  );
}

/** What lists and views need beside the sessions: clients named after the number of their session. */
export function listSource(
  list: readonly StoredSession[],
  clientPart: (id: ClientId) => Partial<StoredClient> = () => ({}),
) {
  const lostKeys = new Set<ClientId>();
  return {
    lostKeys,
    clients: {
      find: (id: ClientId) =>
        ({
          id,
          name: `App ${id.slice(-3)}`,
          type: 'atlassian-cloud',
          scopes: [],
          ...clientPart(id),
        }) as unknown as StoredClient,
      isKeyPairLost: ({ id }: StoredClient) => lostKeys.has(id),
    },
    settings: { current: () => defaultSettings },
    sessions: () => list,
    grants: { list: () => [] },
    uses: { siteMs: () => undefined, sessionsMs: () => new Map<SessionId, number>() },
    world: { compareNames: nameOrder(() => 'en') },
  };
}
