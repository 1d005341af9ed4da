import { grantChoices } from '#core/grant/grant-choices.ts';
import {
  durationOf,
  grantedSite,
  grantedSiteId,
  isGrantedTo,
  type BoundSite,
  type GrantedSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import { findSite, type Site } from '#core/session/site.ts';
import { isExtension } from '#core/values/origin.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { PageConnectionView, SessionProblem, SessionSite } from '#wire/list-views.ts';
import type { AwaitedView, GrantView } from '#wire/views.ts';
import type { Grants } from '../grants/grants.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { sessionProblem, type SessionSource } from './session-view.ts';
import { ownerOf, sessionSite, type ToSiteView } from './site-view.ts';

interface Dependencies extends SessionSource {
  readonly grants: Pick<Grants, 'isAllowed' | 'isManaged' | 'isBlocked'>;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly findSession: (id: SessionId) => StoredSession | undefined;
}

/** The most sites in the view of a connection. */
const maxShownSites = 8;

/** A granted site with its session; the site is one that the session no longer reaches when `problem` says so. */
interface FoundSite {
  readonly site: Site;
  readonly owner: StoredSession;
  readonly problem?: SessionProblem;
}

/** Views of grants, made from the sessions as they are now. */
export interface GrantViews {
  /** With all sites that can be called when their session can serve calls. */
  all(grant: PageGrant): Promise<GrantView>;
  /** With some of its sites, and what is wrong with them. */
  connection(grant: PageGrant): Promise<PageConnectionView>;
}

export function grantViews(dependencies: Dependencies, siteView: ToSiteView): GrantViews {
  const { grants, settings } = dependencies;
  const foundSites = ({ sites }: PageGrant): FoundSite[] =>
    sites.flatMap((granted) => {
      const owner = dependencies.findSession(granted.sessionId);
      return (owner && foundSite(granted, owner, dependencies)) ?? [];
    });
  const common = async (grant: PageGrant) => ({
    origin: grant.origin,
    access: grant.access,
    grantedAtMs: grant.grantedAtMs,
    hasHostPermission: await grants.isAllowed(grant.origin),
    isServed: !isExtension(grant.origin) || settings.current().otherExtensions,
    duration: durationOf(grant),
    mayLast: settings.current().lastingGrants,
    ...(grants.isManaged(grant.origin) ? ({ isManaged: true } as const) : {}),
    ...(grants.isBlocked(grant.origin) ? ({ isBlocked: true } as const) : {}),
    ...(grant.paths === undefined ? {} : { paths: grant.paths }),
    ...(grant.isPaused === undefined ? {} : { isPaused: grant.isPaused }),
    ...(grant.awaited === undefined ? {} : { awaited: awaitedViews(grant.awaited, grant) }),
  });
  const siteOf = ({ site, owner, problem }: FoundSite): SessionSite =>
    sessionSite(site, owner, problem, siteView);
  return {
    all: async (grant) => {
      const sites = foundSites(grant)
        .filter(isReached)
        .map((one) => ({ ...siteView(one.site), ...ownerOf(one.owner) }));
      return {
        ...(await common(grant)),
        sites,
        choices: grantChoices(sites.map(grantedSite), grant.chosen),
      };
    },
    connection: async (grant) => {
      const found = foundSites(grant);
      const withProblem = found.filter(({ problem }) => problem !== undefined);
      const without = found.filter(({ problem }) => problem === undefined);
      const reached = found.filter(isReached);
      const choices = grantChoices(reached.map(keyOf), grant.chosen);
      const named = new Set(choices.flatMap(({ candidates }) => candidates.map(grantedSiteId)));
      return {
        ...(await common(grant)),
        siteCount: grant.sites.length,
        sites: [...withProblem, ...without].slice(0, maxShownSites).map(siteOf),
        problemCount: withProblem.length,
        choices,
        choosable: reached.filter((one) => named.has(grantedSiteId(keyOf(one)))).map(siteOf),
      };
    },
  };
}

function awaitedViews(
  awaited: NonNullable<PageGrant['awaited']>,
  { sites }: PageGrant,
): AwaitedView[] {
  return awaited.map(({ clientId, sessionId, name }) => ({
    clientId,
    siteCount: sites.filter((site) => site.sessionId === sessionId).length,
    ...(name === undefined ? {} : { name }),
  }));
}

function keyOf({ site, owner }: FoundSite): GrantedSite {
  return grantedSite({ ...site, sessionId: owner.id });
}

/** Whether a site can be called once its session serves calls. */
function isReached({ problem }: FoundSite): boolean {
  return problem !== 'site-lost' && problem !== 'other-account';
}

function foundSite(
  granted: BoundSite,
  owner: StoredSession,
  source: SessionSource,
): FoundSite | undefined {
  const reached = findSite(owner.sites, granted);
  const site = reached ?? findSite(owner.lostSites, granted);
  if (site === undefined) return undefined;
  if (!isGrantedTo(granted, owner.account)) return { site, owner, problem: 'other-account' };
  const problem = reached === undefined ? 'site-lost' : sessionProblem(owner, source);
  return { site, owner, ...(problem === undefined ? {} : { problem }) };
}
