import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { PageSite } from '#wire/page-api.ts';
import type {
  AskView,
  ClientImpact,
  ClientView,
  DenialView,
  FlowView,
  Overview,
  SessionView,
} from '#wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import { denialLifetimeMs, type Denial, type Denials } from '../grants/denials.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import type { World } from '../platform/world.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { askView } from './ask-view.ts';
import type { Avatars } from './avatars.ts';
import { missingPatterns } from './missing-hosts.ts';
import { pageSite } from './page-site.ts';
import { sessionView } from './session-view.ts';
import { accountView, siteViews, storedSite } from './site-view.ts';

/** Builds what popup, options and pages receive. No view contains a secret. */
export interface Views {
  overview(): Promise<Overview>;
  flow(): Promise<FlowView | undefined>;
  denials(): DenialView[];
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
  readonly findSession: (id: SessionId) => StoredSession | undefined;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly storageFaults: () => readonly Fault[];
  readonly world: Pick<World, 'permissions'>;
}

export function createViews(dependencies: Dependencies): Views {
  const { clients, grants, denials, avatars, sessions, findSession, storageFaults } = dependencies;
  const siteView = siteViews(avatars);
  const session = (one: StoredSession): SessionView => sessionView(one, siteView, dependencies);
  const clientViews = (): ClientView[] => clients.list().map((client) => clients.view(client));
  const shownDenials = (): DenialView[] => denials.list().map(denialView);
  return {
    clients: clientViews,
    session,
    sessions: () => sessions().map(session),
    overview: async () => {
      const flow = await shownFlow(dependencies);
      return {
        clients: clientViews(),
        denials: shownDenials(),
        ...(await missingPatterns(dependencies)),
        sessionCountOf: countByClient(sessions()),
        storageFaults: storageFaults(),
        ...(flow === undefined ? {} : { flow }),
      };
    },
    flow: () => shownFlow(dependencies),
    denials: shownDenials,
    ask: (ask) => {
      const mayLast = dependencies.settings.current().lastingGrants;
      return askView(ask, grants.of(ask.origin), findSession, mayLast);
    },
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
        const found = storedSite(granted, findSession(granted.sessionId));
        return found ? [pageSite(found.site, found.owner, grant)] : [];
      });
    },
  };
}

/** The sign-in, and the accounts of the sessions that it names. */
async function shownFlow({
  signIn,
  findSession,
}: Pick<Dependencies, 'signIn' | 'findSession'>): Promise<FlowView | undefined> {
  const flow = await signIn.view();
  if (flow === undefined) return undefined;
  const account = flow.sessionId && findSession(flow.sessionId);
  const renewed = flow.renews && findSession(flow.renews);
  return {
    ...flow,
    ...(account === undefined ? {} : { account: accountView(account) }),
    ...(renewed === undefined ? {} : { renewedAccount: accountView(renewed) }),
  };
}

function denialView({ deniedAtMs, scope, ...question }: Denial): DenialView {
  return {
    ...question,
    ...scope,
    deniedAtMs,
    endsAtMs: deniedAtMs + denialLifetimeMs,
  };
}

function countByClient(sessions: readonly StoredSession[]): Record<ClientId, number> {
  const counts: Record<ClientId, number> = {};
  for (const { clientId } of sessions) counts[clientId] = (counts[clientId] ?? 0) + 1;
  return counts;
}
