import { isSameAccount, type Session, type SessionId } from '../session/session.ts';
import {
  uniqueSites,
  type AwaitedAccount,
  type ChosenSites,
  type PageGrant,
} from './page-grant.ts';

/** Whether all sites of a grant wait for a sign-in: it has no effect until then. */
export function isAwaiting({ sites, awaited }: PageGrant): boolean {
  const ids = new Set(awaited?.map(({ sessionId }) => sessionId));
  return ids.size > 0 && sites.every(({ sessionId }) => ids.has(sessionId));
}

/** The members of a session that tell whether a grant waits for it. */
type SignedIn = Pick<Session, 'id' | 'clientId' | 'account' | 'isIdentified'>;

/** The grant with sites of the session in place of those that wait for it; the same object when none does. */
export function withSignedIn(grant: PageGrant, session: SignedIn): PageGrant {
  const { awaited = [], ...others } = grant;
  const arrived = awaited.find(
    ({ clientId, account }) =>
      session.isIdentified &&
      clientId === session.clientId &&
      isSameAccount(account, session.account),
  );
  if (arrived === undefined) return grant;
  const rest = awaited.filter((one) => one !== arrived);
  const idOf = (id: SessionId): SessionId => (id === arrived.sessionId ? session.id : id);
  const sites = grant.sites.map((site) => ({ ...site, sessionId: idOf(site.sessionId) }));
  return {
    ...others,
    sites: uniqueSites(sites),
    chosen: renamed(grant.chosen, arrived.sessionId, session.id),
    ...(rest.length === 0 ? {} : { awaited: rest }),
  };
}

/** The grant without the sites of awaited accounts: undefined when no site is left, the same object when none was removed. */
export function withoutAwaited(
  grant: PageGrant,
  isRemoved: (account: AwaitedAccount) => boolean,
): PageGrant | undefined {
  const { awaited = [], ...others } = grant;
  const removed = new Set(awaited.filter(isRemoved).map(({ sessionId }) => sessionId));
  if (removed.size === 0) return grant;
  const sites = grant.sites.filter(({ sessionId }) => !removed.has(sessionId));
  if (sites.length === 0) return undefined;
  const rest = awaited.filter(({ sessionId }) => !removed.has(sessionId));
  return { ...others, sites, ...(rest.length === 0 ? {} : { awaited: rest }) };
}

function renamed(chosen: ChosenSites, from: SessionId, to: SessionId): ChosenSites {
  const entries = Object.entries(chosen).map(([key, site]) => [
    key.replace(`@${from}`, `@${to}`),
    site.sessionId === from ? { ...site, sessionId: to } : site,
  ]);
  return Object.fromEntries(entries) as ChosenSites;
}
