import { grantChoices } from '#core/grant/grant-choices.ts';
import {
  durationOf,
  grantedSite,
  grantedSiteId,
  isGrantedTo,
  type BoundSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import type { ClientId } from '#core/client/client-configuration.ts';
import { proposedPaths } from '#core/grant/requested-paths.ts';
import { isShortLived, neverMs, reportedRefusal, type Account } from '#core/session/session.ts';
import { findSite, type Site } from '#core/session/site.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { PageSite } from '#wire/page-api.ts';
import type {
  AccountView,
  AskView,
  ClientImpact,
  ClientView,
  DenialView,
  GrantView,
  Overview,
  SessionView,
  SiteView,
} from '#wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { denialLifetimeMs, type Denial, type Denials } from '../grants/denials.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import type { World } from '../platform/world.ts';
import { scopesLacking } from '../sessions/sessions.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { Avatars } from './avatars.ts';

/** Builds what popup, options and pages receive. No view contains a secret. */
export interface Views {
  overview(): Promise<Overview>;
  clients(): ClientView[];
  sessions(): SessionView[];
  session(session: StoredSession): SessionView;
  ask(question: PageQuestion): AskView;
  /** What the deletion of a client would remove. @throws BrokerError `not_found` */
  impact(id: ClientId): ClientImpact;
  /** The sites that an origin was granted. @throws BrokerError `not_connected` */
  pageSites(origin: Origin): PageSite[];
}

interface Dependencies {
  readonly clients: Clients;
  readonly grants: Grants;
  readonly denials: Pick<Denials, 'list'>;
  readonly signIn: SignIn;
  readonly avatars: Avatars;
  readonly sessions: () => readonly StoredSession[];
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly storageFaults: () => readonly Fault[];
  readonly world: Pick<World, 'permissions'>;
}

export function createViews(dependencies: Dependencies): Views {
  const { clients, grants, denials, signIn, avatars, sessions, settings, storageFaults } =
    dependencies;
  const siteView = (site: Site): SiteView => {
    const avatarDataUrl = avatars.get(site.avatarUrl);
    const { cloudId, product, url, name } = site;
    return {
      cloudId,
      product,
      url,
      name,
      ...(avatarDataUrl === undefined ? {} : { avatarDataUrl }),
    };
  };
  const session = (one: StoredSession): SessionView => sessionView(one, siteView, dependencies);
  /** The stored site of a granted one, and its session; undefined when the session no longer reaches it or has another account. */
  const stored = (granted: BoundSite): { site: Site; owner: StoredSession } | undefined => {
    const owner = sessions().find(({ id }) => id === granted.sessionId);
    if (owner && !isGrantedTo(granted, owner.account)) return undefined;
    const site = owner && findSite(owner.sites, granted);
    return owner && site ? { owner, site } : undefined;
  };
  const grantView = async (grant: PageGrant): Promise<GrantView> => {
    const sites = grant.sites.flatMap((granted) => {
      const found = stored(granted);
      return found ? [{ ...siteView(found.site), ...ownerOf(found.owner) }] : [];
    });
    return {
      origin: grant.origin,
      access: grant.access,
      grantedAtMs: grant.grantedAtMs,
      hasHostPermission: await grants.isAllowed(grant.origin),
      isServed: !isExtension(grant.origin) || settings.current().otherExtensions,
      sites,
      duration: durationOf(grant),
      ...(grant.paths === undefined ? {} : { paths: grant.paths }),
      choices: grantChoices(sites.map(grantedSite), grant.chosen),
    };
  };
  const clientViews = (): ClientView[] => clients.list().map((client) => clients.view(client));
  return {
    clients: clientViews,
    session,
    sessions: () => sessions().map(session),
    overview: async () => {
      const flow = await signIn.view();
      return {
        clients: clientViews(),
        sessions: sessions().map(session),
        grants: await Promise.all(grants.list().map(grantView)),
        denials: denials.list().map(denialView),
        ...(await missingPatterns(dependencies)),
        storageFaults: storageFaults(),
        ...(flow === undefined ? {} : { flow }),
      };
    },
    ask: (ask) => askView(ask, grants.of(ask.origin), sessions(), siteView),
    impact: (id) => {
      const client = clients.getOrFail(id);
      const ofClient = sessions().filter(({ clientId }) => clientId === client.id);
      const ids = new Set(ofClient.map((one) => one.id));
      const using = grants
        .list()
        .filter(({ sites }) => sites.some((site) => ids.has(site.sessionId)));
      return { sessions: ofClient.map(session), origins: using.map(({ origin }) => origin) };
    },
    pageSites: (origin) => {
      const grant = grants.of(origin);
      if (grant === undefined) throw new BrokerError('not_connected');
      return grant.sites.flatMap((granted) => {
        const found = stored(granted);
        return found ? [pageSite(found.site, found.owner, grant)] : [];
      });
    },
  };
}

function sessionView(
  stored: StoredSession,
  siteView: (site: Site) => SiteView,
  { clients, settings }: Pick<Dependencies, 'clients' | 'settings'>,
): SessionView {
  const { id, clientId, status, statusSinceMs, endsAtMs, currentSite } = stored;
  const { sitesReadAtMs, unreadableSites, probableCause } = stored;
  const client = clients.find(clientId);
  const refreshError = reportedRefusal(stored);
  return {
    id,
    clientId,
    account: accountView(stored.account),
    status,
    statusSinceMs,
    clientName: client?.name ?? '',
    sites: stored.sites.map(siteView),
    lostSites: stored.lostSites.map(siteView),
    isIdentified: stored.isIdentified,
    isShortLived: isShortLived(stored, settings.current()),
    isClientRejected: client?.rejectedAtMs !== undefined,
    ...(probableCause === undefined ? {} : { probableCause }),
    ...(refreshError === undefined ? {} : { refreshError }),
    ...(client && clients.isKeyPairLost(client) ? { isKeyPairLost: true } : {}),
    missingScopes: client ? scopesLacking(stored, client) : [],
    ...(sitesReadAtMs === 0 ? {} : { sitesReadAtMs }),
    ...(unreadableSites === undefined ? {} : { unreadableSites }),
    ...(endsAtMs === undefined || endsAtMs === neverMs ? {} : { endsAtMs }),
    ...(currentSite === undefined ? {} : { currentSite }),
  };
}

function accountView({ key: _key, ...shown }: Account): AccountView {
  return shown;
}

function ownerOf({
  id,
  account,
}: StoredSession): Pick<GrantView['sites'][number], 'sessionId' | 'account'> {
  return { sessionId: id, account: accountView(account) };
}

function denialView({ deniedAtMs, scope, ...question }: Denial): DenialView {
  return {
    ...question,
    ...scope,
    deniedAtMs,
    endsAtMs: deniedAtMs + denialLifetimeMs,
  };
}

/** The paths that a question proposes. Those of the grant, when it has got so many since that both are too many. */
function pathsToPropose(
  { paths }: PageQuestion,
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  try {
    return proposedPaths(paths, granted);
  } catch {
    return granted;
  }
}

function askView(
  question: PageQuestion,
  grant: PageGrant | undefined,
  sessions: readonly StoredSession[],
  siteView: (site: Site) => SiteView,
): AskView {
  const { id, origin, kind, scope, candidates = [], products, access } = question;
  const paths = kind === 'access' ? pathsToPropose(question, grant?.paths) : undefined;
  const granted = new Map(grant?.sites.map((one) => [grantedSiteId(one), one]));
  const isGranted = (site: Site, { id: sessionId, account }: StoredSession): boolean => {
    const found = granted.get(grantedSiteId({ ...site, sessionId }));
    return found !== undefined && isGrantedTo(found, account);
  };
  const all = sessions.flatMap((owner) =>
    owner.sites.map((site) => ({
      ...siteView(site),
      ...ownerOf(owner),
      isGranted: isGranted(site, owner),
    })),
  );
  const offered = new Set(candidates.map(grantedSiteId));
  const isOffered = (site: (typeof all)[number]): boolean =>
    kind === 'site'
      ? site.isGranted && offered.has(grantedSiteId(site))
      : site.isGranted || products === undefined || products.includes(site.product);
  return {
    id,
    origin,
    kind,
    // The grant may have got write access since; to allow this question must not take that away.
    access: grant?.access === 'write' ? 'write' : access,
    duration: durationOf(grant),
    sites: all.filter(isOffered),
    ...(paths === undefined ? {} : { paths }),
    ...(grant?.paths === undefined ? {} : { grantedPaths: grant.paths }),
    ...scope,
  };
}

function pageSite(
  site: Site,
  { id: sessionId, account }: StoredSession,
  { access }: PageGrant,
): PageSite {
  const { product, url, name, avatarUrl } = site;
  return {
    id: grantedSiteId({ ...site, sessionId }),
    account: { id: sessionId, name: account.name ?? account.email ?? '' },
    product,
    url,
    name,
    access,
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
  };
}

/** The match patterns that clients need and for which the permission is missing. */
async function missingPatterns({
  clients,
  sessions,
  world: { permissions },
}: Dependencies): Promise<Pick<Overview, 'missingHostPatterns' | 'missingHostPatternsOf'>> {
  const all = clients.list();
  const patternsOf = (client: StoredClient): string[] => hostPatternsOf(client, permissions);
  const needed = [...new Set(all.flatMap(patternsOf))];
  const isHeld = await Promise.all(needed.map((pattern) => permissions.has([pattern])));
  const missing = new Set(needed.filter((_, at) => !isHeld[at]));
  const missingByClient = all.flatMap((client): [ClientId, string[]][] => {
    const patterns = patternsOf(client).filter((pattern) => missing.has(pattern));
    return patterns.length === 0 ? [] : [[client.id, patterns]];
  });
  const inUse = missingByClient.filter(
    ([id]) =>
      clients.getOrFail(id).type === 'atlassian-cloud' ||
      sessions().some(({ clientId }) => clientId === id),
  );
  return {
    missingHostPatterns: [...new Set(inUse.flatMap(([, patterns]) => patterns))],
    missingHostPatternsOf: Object.fromEntries(missingByClient),
  };
}
