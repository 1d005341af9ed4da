import type { ClientId } from '#core/client/client-configuration.ts';
import {
  choiceKey,
  durationOf,
  uniqueSites,
  type AwaitedAccount,
  type BoundSite,
  type ChosenSites,
  type GrantDuration,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import { displayName, isSameAccount, type SessionId } from '#core/session/session.ts';
import { findSite } from '#core/session/site.ts';
import type { TransferNote, TransferRow, TransferValue } from '#core/transfer/transfer-preview.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Contents, ExportedGrant } from './contents.ts';
import type { Sources } from './collect-contents.ts';
import type { ClientPlan } from './plan-clients.ts';

/** A grant of a file, and how it compares with the stored one of its origin. */
export interface GrantPlan {
  readonly grant: ExportedGrant;
  readonly row: TransferRow;
}

/** Which client the accounts of a file belong to: the id of a stored one, or a text of their own. */
type ClientNames = (client: number) => string | undefined;

interface GrantPlanSources extends Pick<Sources, 'sessions' | 'grants' | 'settings'> {
  /** The id of the row of the setting `lastingGrants`, when an import can change it. */
  readonly durationRow: string | undefined;
}

/** Compares the grants of a file with those that are stored, which are given as they would be exported. */
export function planGrants(
  file: Contents,
  clientPlans: readonly ClientPlan[],
  mine: Contents,
  clientIds: readonly ClientId[],
  { sessions: sessionsHere, grants, settings, durationRow }: GrantPlanSources,
): readonly GrantPlan[] {
  const sessions = file.accounts.map((account) => {
    const client = clientPlans[account.client]?.replaces?.id;
    return client && sessionOf(client, account, sessionsHere);
  });
  const theirs = withNamesOf(sessions, file);
  const nameOfMine: ClientNames = (client) => clientIds[client];
  const nameOfTheirs: ClientNames = (client) => {
    const plan = clientPlans[client];
    if (plan === undefined) return undefined;
    if (plan.row.state === 'impossible') return plan.replaces?.id;
    return plan.replaces?.id ?? plan.row.id;
  };
  const durations = new Map(grants.own().map((grant) => [grant.origin, durationOf(grant)]));
  const own = new Map(
    mine.grants.map((one) => {
      const duration = durations.get(one.origin) ?? 'always';
      return [one.origin, termsOf(one, duration, mine, nameOfMine)];
    }),
  );
  const { lastingGrants } = settings.current();
  const otherwise = durationRow && {
    with: durationRow,
    theirs: [newDuration(!lastingGrants)],
  };
  return theirs.grants.map((grant): GrantPlan => {
    const terms = termsOf(grant, newDuration(lastingGrants), theirs, nameOfTheirs);
    const before = own.get(grant.origin);
    const sites = grant.sites.filter((site) => isTakeable(site, theirs, nameOfTheirs));
    const isAwaiting = sites.some(({ account }) => sessions[account] === undefined);
    const notes: TransferNote[] = [
      ...(isAwaiting ? (['waits-for-sign-in'] as const) : []),
      ...(sites.length < grant.sites.length ? (['sites-left-out'] as const) : []),
    ];
    const row = { id: `grant:${grant.origin}`, kind: 'grant', name: grant.origin } as const;
    const obstacle = grants.isBlocked(grant.origin) ? 'blocked' : 'no-site';
    if (obstacle === 'blocked' || sites.length === 0)
      return { grant, row: { ...row, state: 'impossible', values: [], notes: [], obstacle } };
    const values = otherwise
      ? openDifferences(before, terms, otherwise)
      : differences(before, terms);
    const changed = values.length === 0 ? 'same' : 'differs';
    const needs = neededClients(sites, theirs, clientPlans);
    const state = before === undefined ? 'new' : changed;
    return { grant, row: { ...row, state, values, notes, ...(needs && { needs }) } };
  });
}

/** How long an imported connection lasts. */
function newDuration(lastingGrants: boolean): GrantDuration {
  return lastingGrants ? 'always' : 'session';
}

function sessionOf(
  client: ClientId,
  account: Contents['accounts'][number],
  sessions: Sources['sessions'],
): StoredSession | undefined {
  return sessions
    .ofClient(client)
    .find((one) => one.isIdentified && isSameAccount(account, one.account));
}

/** The contents with the names that sites and accounts have here, where they are known: a file can give them any. */
function withNamesOf(sessions: readonly (StoredSession | undefined)[], file: Contents): Contents {
  const nameOf = (site: ExportedGrant['sites'][number]): string | undefined => {
    const session = sessions[site.account];
    if (session === undefined) return site.name;
    return findSite(session.sites, site)?.url;
  };
  return {
    ...file,
    accounts: file.accounts.map((account, at) => {
      const session = sessions[at];
      return session === undefined ? account : named(account, displayName(session));
    }),
    grants: file.grants.map((grant) => ({
      ...grant,
      sites: grant.sites.map((site) => named(site, nameOf(site))),
    })),
  };
}

function named<T extends { name?: string }>(
  { name: _name, ...others }: T,
  name: string | undefined,
): Omit<T, 'name'> & { name?: string } {
  return name === undefined ? others : { ...others, name };
}

/** The clients of the file of which one has to be taken for a grant with these sites; undefined when a stored one is theirs. */
function neededClients(
  sites: ExportedGrant['sites'],
  { accounts }: Contents,
  clientPlans: readonly ClientPlan[],
): readonly string[] | undefined {
  const plans = sites.map(({ account }) => clientPlans[accounts[account]?.client ?? -1]);
  const made = plans.flatMap((plan) =>
    plan === undefined || plan.replaces !== undefined ? [] : [plan.row.id],
  );
  return made.length < sites.length ? undefined : [...new Set(made)];
}

/** Members of a grant as texts: what is shown, and what is compared, which names sites and accounts by their ids. */
type Terms = ReadonlyMap<string, { readonly shown: readonly string[]; readonly compared: string }>;

function termsOf(
  grant: ExportedGrant,
  duration: GrantDuration,
  contents: Contents,
  clientName: ClientNames,
): Terms {
  const { access, paths, isPaused, chosen } = grant;
  const sites = grant.sites.filter((site) => isTakeable(site, contents, clientName));
  const ownerOf = (account: number | undefined): string => {
    const owner = account === undefined ? undefined : contents.accounts[account];
    if (owner === undefined) return '';
    return JSON.stringify([clientName(owner.client), owner.key ?? owner.accountId]);
  };
  const plain = (...texts: string[]) => ({ shown: texts, compared: texts.join(' ') });
  const shownSite = ({
    product,
    cloudId,
    account,
    name,
  }: ExportedGrant['sites'][number]): string => {
    const { accountId = '', name: owner = accountId } = contents.accounts[account] ?? {};
    return [product, name ?? cloudId, owner].join(' · ');
  };
  const comparedChoices = chosen.map(({ product, cloudId, account, site }) =>
    JSON.stringify([
      product,
      cloudId,
      ownerOf(account),
      site.product,
      site.cloudId,
      ownerOf(site.account),
    ]),
  );
  const terms: [string, { shown: string[]; compared: string }][] = [
    ['access', plain(access)],
    ['duration', plain(duration)],
    [
      'sites',
      {
        shown: sites.map(shownSite),
        compared: sites
          .map(({ product, cloudId, account }) =>
            JSON.stringify([product, cloudId, ownerOf(account)]),
          )
          .sort()
          .join(),
      },
    ],
    ...(paths === undefined
      ? []
      : [['paths', plain(...paths)] as [string, ReturnType<typeof plain>]]),
    ...(isPaused === undefined
      ? []
      : [['isPaused', plain(String(isPaused))] as [string, ReturnType<typeof plain>]]),
    ...(chosen.length === 0
      ? []
      : [
          [
            'chosen',
            { shown: [String(chosen.length)], compared: comparedChoices.sort().join() },
          ] as [string, ReturnType<typeof plain>],
        ]),
  ];
  return new Map(terms);
}

/** The members that differ, or without `mine` all. */
function differences(mine: Terms | undefined, theirs: Terms): TransferValue[] {
  const members = new Set([...(mine?.keys() ?? []), ...theirs.keys()]);
  return [...members].flatMap((member): TransferValue[] => {
    const [one, other] = [mine?.get(member), theirs.get(member)];
    if (one?.compared === other?.compared) return [];
    return [
      {
        member,
        ...(one === undefined ? {} : { mine: one.shown }),
        ...(other === undefined ? {} : { theirs: other.shown }),
      },
    ];
  });
}

/** The same where another row decides how long the grant lasts, which is shown whatever the person chooses. */
function openDifferences(
  mine: Terms | undefined,
  theirs: Terms,
  otherwise: NonNullable<TransferValue['otherwise']>,
): TransferValue[] {
  const { shown = [] } = theirs.get('duration') ?? {};
  const open = new Map([...theirs, ['duration', { shown, compared: '' }] as const]);
  return differences(mine, open).map((value) =>
    value.member === 'duration' ? { ...value, otherwise } : value,
  );
}

/** Whether a grant can wait for the sign-in of a site's account: its provider names it, and its client can be taken. */
function isTakeable(
  { account }: { readonly account: number },
  { accounts }: Contents,
  clientName: ClientNames,
): boolean {
  const owner = accounts[account];
  return owner?.accountId !== undefined && clientName(owner.client) !== undefined;
}

/** What grants of a file become here. */
export interface GrantSources extends Pick<Sources, 'sessions' | 'browserSession' | 'world'> {
  /** The setting as it is after the import. */
  readonly lastingGrants: boolean;
  readonly accounts: Contents['accounts'];
  /** The stored client of a client of the file; undefined when it was not taken. */
  readonly clientOf: (client: number) => ClientId | undefined;
}

/** A grant to store: bound to sessions that are there, and waiting for those that are not. None when no site can be taken. */
export function grantOf(exported: ExportedGrant, sources: GrantSources): PageGrant[] {
  const { accounts, clientOf, sessions, lastingGrants, browserSession, world } = sources;
  const awaited: AwaitedAccount[] = [];
  const sessionIds = new Map<number, SessionId>();
  for (const at of new Set(exported.sites.map(({ account }) => account))) {
    const owner = accounts[at];
    const clientId = owner && clientOf(owner.client);
    if (owner?.accountId === undefined || clientId === undefined) continue;
    const session = sessionOf(clientId, owner, sessions);
    const sessionId = session?.id ?? (world.crypto.randomUUID() as SessionId);
    sessionIds.set(at, sessionId);
    const { name } = owner;
    const account = accountOf(owner);
    if (session === undefined)
      awaited.push({ sessionId, clientId, account, ...(name === undefined ? {} : { name }) });
  }
  const sites = exported.sites.flatMap(({ cloudId, product, account }): BoundSite[] => {
    const sessionId = sessionIds.get(account);
    const owner = accounts[account];
    if (sessionId === undefined || owner === undefined) return [];
    return [{ cloudId, product, sessionId, account: accountOf(owner) }];
  });
  if (sites.length === 0) return [];
  const { access, paths, isPaused } = exported;
  return [
    {
      origin: exported.origin,
      sites: uniqueSites(sites),
      access,
      grantedAtMs: Math.min(exported.grantedAtMs, world.nowMs()),
      chosen: choicesOf(exported.chosen, sessionIds),
      // As for every new connection, when the settings allow none that lasts longer.
      ...(lastingGrants ? {} : { browserSession }),
      ...(paths === undefined ? {} : { paths }),
      ...(isPaused === undefined ? {} : { isPaused }),
      ...(awaited.length === 0 ? {} : { awaited }),
    },
  ];
}

function accountOf({ accountId, key }: Contents['accounts'][number]): BoundSite['account'] {
  return {
    ...(accountId === undefined ? {} : { accountId }),
    ...(key === undefined ? {} : { key }),
  };
}

function choicesOf(
  chosen: ExportedGrant['chosen'],
  sessionIds: ReadonlyMap<number, SessionId>,
): ChosenSites {
  const entries = chosen.flatMap(({ product, cloudId, account, site }) => {
    const named = account === undefined ? undefined : sessionIds.get(account);
    const owner = site.account === undefined ? undefined : sessionIds.get(site.account);
    const isLost =
      (account !== undefined && named === undefined) ||
      (site.account !== undefined && owner === undefined);
    if (isLost) return [];
    const key = choiceKey({
      product,
      ...(cloudId === undefined ? {} : { cloudId }),
      ...(named === undefined ? {} : { sessionId: named }),
    });
    const chosenSite = {
      cloudId: site.cloudId,
      product: site.product,
      ...(owner === undefined ? {} : { sessionId: owner }),
    };
    return [[key, chosenSite] as const];
  });
  return Object.fromEntries(entries);
}
