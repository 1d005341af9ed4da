import { BrokerError, type Fault } from '#core/values/fault.ts';
import type { SessionId } from '#core/session/session.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { GrantRow, Listed, PopupView, SessionRow, SiteRow } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import type { PageUses } from '../activity/page-uses.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import type { World } from '../platform/world.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { Avatars } from '../views/avatars.ts';
import { grantViews } from '../views/grant-view.ts';
import { plainSiteView, siteViews } from '../views/site-view.ts';
import type { Views } from '../views/views.ts';
import { findGrants, grantUses } from './grant-list.ts';
import type { WantedPart } from './matching.ts';
import { createSnapshotWriter } from './popup-snapshot.ts';
import { popupView } from './popup-view.ts';
import { createSessionRows, findSessions, type WantedSessions } from './session-list.ts';
import { createSiteIndex } from './site-index.ts';
import { findSites, type WantedSites } from './site-list.ts';

/** Parts of the lists of sites, sessions and grants, and what the popup shows. No row contains a secret. */
export interface Lists {
  /** What the popup shows over a page of this origin. */
  popup(origin: Origin | undefined): Promise<PopupView>;
  /** Sites to choose from; with a question, those that answer it. */
  sites(wanted: WantedSites, question: PageQuestion | undefined): Listed<SiteRow>;
  sessions(wanted: WantedSessions): Listed<SessionRow>;
  session(session: StoredSession): SessionRow;
  grants(wanted: WantedPart): Promise<Listed<GrantRow>>;
  /** What the popup shows may have changed: keeps the copy of it in `storage.session` up to date. */
  readonly planSnapshot: () => void;
  /** A grant with all the sites that can be called. @throws BrokerError `not_connected` */
  grant(origin: Origin): Promise<GrantView>;
}

interface Dependencies {
  readonly views: Pick<Views, 'flow' | 'denials'>;
  readonly avatars: Avatars;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly sessions: () => readonly StoredSession[];
  readonly findSession: (id: SessionId) => StoredSession | undefined;
  readonly uses: PageUses;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly storageFaults: () => readonly Fault[];
  readonly world: Pick<World, 'permissions' | 'session' | 'after' | 'compareNames'>;
}

export function createLists(dependencies: Dependencies): Lists {
  const { avatars, grants, views } = dependencies;
  const siteView = siteViews(avatars);
  const indexed = { ...dependencies, index: createSiteIndex(dependencies) };
  const withImages = grantViews(dependencies, siteView);
  const plain = grantViews(dependencies, plainSiteView);
  const { flow, denials } = views;
  const sources = { ...dependencies, flow, denials };
  const snapshot = createSnapshotWriter({
    popup: () => popupView(undefined, sources, plain),
    // Without a request to the browser for each of many grants.
    connection: grantViews({ ...dependencies, grants: knownPermissions(grants) }, plainSiteView)
      .connection,
    grants: () => grants.list(),
    denials,
    world: dependencies.world,
  });
  return {
    popup: async (origin) => {
      const view = await popupView(origin, sources, withImages);
      snapshot.plan();
      return view;
    },
    planSnapshot: snapshot.plan,
    sites: (wanted, question) => findSites(wanted, question, indexed, siteView),
    sessions: (wanted) => findSessions(wanted, indexed),
    session: (one) => createSessionRows(dependencies).row(one, one.sites),
    grants: (wanted) => findGrants(wanted, indexed, withImages),
    grant: async (origin) => {
      const grant = grants.find(origin);
      if (grant === undefined) throw new BrokerError('not_connected');
      return { ...(await plain.all(grant)), ...grantUses(dependencies.uses)(origin) };
    },
  };
}

/** What the worker knows of the host permissions of grants; of one that is paused that it has it. */
function knownPermissions(
  grants: Pick<Grants, 'of' | 'find' | 'isManaged' | 'isBlocked'>,
): Pick<Grants, 'isAllowed' | 'isManaged' | 'isBlocked'> {
  const isAllowed = (origin: Origin): boolean =>
    isExtension(origin) ||
    grants.of(origin) !== undefined ||
    grants.find(origin)?.isPaused === true;
  return { ...grants, isAllowed: (origin) => Promise.resolve(isAllowed(origin)) };
}
