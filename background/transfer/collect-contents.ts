import { draftOf, type ClientId } from '#core/client/client-configuration.ts';
import {
  durationOf,
  type BoundSite,
  type GrantedAccount,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import { displayName, type SessionId } from '#core/session/session.ts';
import { findSite, type CloudId, type Product } from '#core/session/site.ts';
import { toFault } from '#core/values/fault.ts';
import { reveal } from '#core/values/secret.ts';
import { changedSettings } from '#core/values/settings.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { Denials } from '../grants/denials.ts';
import type { Grants } from '../grants/grants.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { Contents, ExportedClient, ExportedGrant } from './contents.ts';

/** What is exported, and what an import is compared with. */
export interface Sources {
  readonly clients: Clients;
  readonly sessions: Pick<Sessions, 'find' | 'ofClient'>;
  readonly grants: Grants;
  readonly denials: Denials;
  readonly settings: SettingsStore;
  /** The id of the browser session. */
  readonly browserSession: string;
  readonly world: Pick<World, 'nowMs' | 'identity' | 'crypto' | 'permissions'>;
}

/** What is stored, as an export has it. */
export interface Collected {
  readonly contents: Contents;
  /** The clients of `contents`, in the same order. */
  readonly clients: readonly StoredClient[];
  /** The names of those whose secret cannot be decrypted. */
  readonly withoutSecret: readonly string[];
}

/**
 * Collects the contents of an export.
 * @param own - the connections: those that last until they are withdrawn, unless told otherwise
 * @throws BrokerError `locked`
 */
export async function collectContents(
  sources: Sources,
  own: readonly PageGrant[] = sources.grants
    .own()
    .filter((grant) => durationOf(grant) === 'always'),
): Promise<Collected> {
  const { clients, denials, settings, world } = sources;
  const all = clients.list();
  const withoutSecret: string[] = [];
  const exported: ExportedClient[] = [];
  for (const client of all) {
    // What the organization's policy gives is the administrator's. Its clients are named, because connections refer to them.
    const isOfPolicy = client.policy?.hasSecret === true;
    const clientSecret = isOfPolicy ? undefined : await secretOrNone(client, clients);
    if (client.sealedClientSecret !== undefined && !isOfPolicy && clientSecret === undefined)
      withoutSecret.push(client.name);
    const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
    exported.push({
      ...draftOf(client),
      scopes: [...client.scopes],
      redirectUri,
      ...(clientSecret === undefined ? {} : { clientSecret }),
    });
  }
  const accounts = accountList(
    all.map(({ id }) => id),
    sources.sessions,
  );
  const exportedGrants = own.flatMap((grant) => exportedGrant(grant, accounts));
  return {
    clients: all,
    withoutSecret,
    contents: {
      format: 1,
      madeAtMs: world.nowMs(),
      clients: exported,
      settings: ownSettings(settings),
      accounts: accounts.list,
      grants: exportedGrants,
      denials: denials.list().flatMap((denial) => {
        const { scope, products, paths, ...rest } = denial;
        if (scope?.sessionId !== undefined) return [];
        return [
          {
            ...rest,
            ...(scope === undefined ? {} : { scope }),
            ...(products === undefined ? {} : { products: [...products] }),
            ...(paths === undefined ? {} : { paths: [...paths] }),
          },
        ];
      }),
    },
  };
}

/** The settings that the person changed, without those that the organization's policy sets. */
function ownSettings(settings: SettingsStore): Contents['settings'] {
  const managed: readonly string[] = settings.managed();
  const changed = Object.entries(changedSettings(settings.current()));
  return Object.fromEntries(changed.filter(([name]) => !managed.includes(name)));
}

/** The secret of a client; undefined when it has none or can never be decrypted. @throws BrokerError `locked` */
async function secretOrNone(
  client: StoredClient,
  clients: Pick<Clients, 'secretOf'>,
): Promise<string | undefined> {
  try {
    const found = await clients.secretOf(client);
    return found === undefined ? undefined : reveal(found);
  } catch (thrown) {
    if (toFault(thrown).code === 'seal_broken') return undefined;
    throw thrown;
  }
}

/** The accounts that grants name, each once, in the order in which they were named. */
interface AccountList {
  readonly list: Contents['accounts'];
  /** The index of the account to which a site was granted; undefined when its session is gone. */
  indexOf(site: BoundSite, grant: PageGrant): number | undefined;
  /** The name of a site. */
  nameOf(site: BoundSite): string | undefined;
}

function accountList(clientIds: readonly ClientId[], sessions: Sources['sessions']): AccountList {
  const list: Contents['accounts'] = [];
  const indexes = new Map<string, number>();
  const add = (clientId: ClientId, account: GrantedAccount, name?: string): number | undefined => {
    const client = clientIds.indexOf(clientId);
    if (client === -1) return undefined;
    const key = JSON.stringify([client, account.accountId, account.key]);
    const known = indexes.get(key);
    if (known !== undefined) return known;
    list.push({ client, ...account, ...(name === undefined ? {} : { name }) });
    indexes.set(key, list.length - 1);
    return list.length - 1;
  };
  return {
    list,
    indexOf: ({ sessionId, account }, { awaited = [] }) => {
      const waiting = awaited.find((one) => one.sessionId === sessionId);
      if (waiting !== undefined) return add(waiting.clientId, waiting.account, waiting.name);
      const session = sessions.find(sessionId);
      return session && add(session.clientId, account, displayName(session));
    },
    nameOf: (site) => {
      const session = sessions.find(site.sessionId);
      return session && findSite(session.sites, site)?.url;
    },
  };
}

/** A grant as an export has it; none when no site has a session. */
function exportedGrant(grant: PageGrant, accounts: AccountList): ExportedGrant[] {
  const { origin, access, grantedAtMs, paths, isPaused } = grant;
  const accountOf = new Map<SessionId, number>();
  const sites = grant.sites.flatMap((site) => {
    const account = accounts.indexOf(site, grant);
    if (account === undefined) return [];
    accountOf.set(site.sessionId, account);
    const { cloudId, product } = site;
    const name = accounts.nameOf(site);
    return [{ cloudId, product, account, ...(name === undefined ? {} : { name }) }];
  });
  if (sites.length === 0) return [];
  return [
    {
      origin,
      access,
      grantedAtMs,
      ...(paths === undefined ? {} : { paths: [...paths] }),
      ...(isPaused === undefined ? {} : { isPaused }),
      sites,
      chosen: exportedChoices(grant, accountOf),
    },
  ];
}

function exportedChoices(
  { chosen }: PageGrant,
  accountOf: ReadonlyMap<SessionId, number>,
): ExportedGrant['chosen'] {
  return Object.entries(chosen).flatMap(([key, { cloudId, product, sessionId }]) => {
    const [, named = '', mark, detail] = /^([a-z]+)(?:([@:])(.+))?$/u.exec(key) ?? [];
    const account = accountOf.get(detail as SessionId);
    const owner = sessionId && accountOf.get(sessionId);
    const isResolved = mark !== '@' || account !== undefined;
    if (!isResolved || (sessionId !== undefined && owner === undefined)) return [];
    return [
      {
        product: named as Product,
        ...(mark === ':' ? { cloudId: detail as CloudId } : {}),
        ...(mark === '@' && account !== undefined ? { account } : {}),
        site: { cloudId, product, ...(owner === undefined ? {} : { account: owner }) },
      },
    ];
  });
}
