import type { ClientId } from '../../../extension/core/client/client-configuration.ts';
import type {
  SessionSite,
  PageConnectionView,
  PopupView,
  SessionRow,
  SignInClient,
} from '../../../extension/wire/list-views.ts';
import { ada, aGrant, aSession, aSite, clientId, sessionId } from './ui-views.ts';

/** A session in a list. */
export function aSessionRow(part: Partial<SessionRow> = {}): SessionRow {
  const { sites, lostSites, ...session } = aSession({
    sites: [aSite('Acme')],
    sitesReadAtMs: 1_700_000_000_000,
  });
  return {
    ...session,
    siteCount: sites.length,
    matchingSites: sites,
    lostSites,
    lostSiteCount: part.lostSites?.length ?? 0,
    grantedScopes: ['read:jira-work'],
    signedInAtMs: 1_700_000_000_000,
    refreshedAtMs: 1_700_000_000_000,
    pageCount: 0,
    ...part,
  };
}

/** A granted site in the popup. */
export function aConnectedSite(name: string, part: Partial<SessionSite> = {}): SessionSite {
  return { ...aSite(name), sessionId, clientId, account: ada, ...part };
}

/** The connection of the page that the popup is open over. */
export function aConnection(part: Partial<PageConnectionView> = {}): PageConnectionView {
  const { sites: _sites, ...grant } = aGrant();
  const sites = part.sites ?? [aConnectedSite('Acme')];
  return {
    ...grant,
    sites,
    siteCount: sites.length,
    problemCount: sites.filter(({ problem }) => problem !== undefined).length,
    choosable: sites,
    ...part,
  };
}

/** A client to sign in with. */
export function aSignInClient(name = 'Acme app', id: string = clientId): SignInClient {
  return { id: id as ClientId, name, type: 'atlassian-cloud', isRejected: false };
}

/** What the popup shows: by default over a page that is not connected, with one session. */
export function aPopupView(part: Partial<PopupView> = {}): PopupView {
  const recent = part.recent ?? [aSessionRow()];
  const needsPerson = part.needsPerson ?? { count: 0, rows: [] };
  const all = [...recent, ...needsPerson.rows];
  return {
    canConnect: recent.length > 0,
    denials: [],
    needsPerson,
    recent,
    sessionCount: all.length,
    siteCount: all.reduce((count, { siteCount }) => count + siteCount, 0),
    clients: [aSignInClient()],
    defaultAccess: 'read',
    mayLast: true,
    missingHostPatterns: [],
    missingPolicyPatterns: [],
    missingHostPatternsOf: {},
    storageFaults: [],
    ...part,
  };
}

/** What the popup shows of someone who is not signed in. */
export function withoutSession(part: Partial<PopupView> = {}): PopupView {
  return aPopupView({ recent: [], ...part });
}
