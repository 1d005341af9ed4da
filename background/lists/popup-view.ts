import type { DraftSecret } from '#core/client/client-configuration.ts';
import { isUsable } from '#core/session/session.ts';
import type { Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import { maxRows, type PopupView, type SignInClient } from '#wire/list-views.ts';
import type { DenialView, FlowView } from '#wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { World } from '../platform/world.ts';
import type { GrantViews } from '../views/grant-view.ts';
import { missingPatterns } from '../views/missing-hosts.ts';
import { createSessionRows, type RowSource } from './session-list.ts';
import { sessionOrder } from './session-order.ts';
import { sessionProblem } from '../views/session-view.ts';

interface Dependencies extends RowSource {
  readonly clients: Clients;
  readonly grants: Pick<
    Grants,
    'find' | 'list' | 'prepared' | 'isBlocked' | 'missingPolicyPatterns'
  >;
  readonly sessions: () => readonly StoredSession[];
  readonly flow: () => Promise<FlowView | undefined>;
  readonly denials: () => readonly DenialView[];
  readonly storageFaults: () => readonly Fault[];
  readonly world: Pick<World, 'permissions' | 'compareNames'>;
}

/** How many sessions are listed as recent. */
const maxRecent = 5;

/** What the popup shows over a page of this origin. */
export async function popupView(
  origin: Origin | undefined,
  dependencies: Dependencies,
  views: Pick<GrantViews, 'connection'>,
): Promise<PopupView> {
  const { clients, grants, denials, storageFaults } = dependencies;
  const sessions = dependencies.sessions();
  const { defaultAccess, lastingGrants } = dependencies.settings.current();
  const grant = origin && grants.find(origin);
  const rows = createSessionRows(dependencies);
  const row = (one: StoredSession) => rows.row(one, one.sites);
  const needing: StoredSession[] = [];
  const others: StoredSession[] = [];
  for (const one of sessions)
    (sessionProblem(one, dependencies) === undefined ? others : needing).push(one);
  // By name: calls of pages change the times, but not the copy that is kept for the next popup, in which no row may move.
  const order = sessionOrder(dependencies);
  needing.sort(order);
  const recent = others
    .sort((one, other) => rows.usedAtMs(other) - rows.usedAtMs(one) || order(one, other))
    .slice(0, maxRecent)
    .sort(order);
  const [page, flow, connectOutcome, missing] = await Promise.all([
    grant && views.connection(grant),
    dependencies.flow(),
    grants.prepared.outcome(),
    missingPatterns(dependencies),
  ]);
  return {
    ...(page === undefined ? {} : { page }),
    ...(origin !== undefined && grants.isBlocked(origin) ? { isBlocked: true } : {}),
    canConnect: sessions.some((one) => one.isIdentified && isUsable(one) && one.sites.length > 0),
    denials: denials().filter((one) => one.origin === origin),
    needsPerson: { count: needing.length, rows: needing.slice(0, maxRows).map(row) },
    recent: recent.map(row),
    sessionCount: sessions.length,
    defaultAccess,
    mayLast: lastingGrants,
    siteCount: sessions.reduce((count, { sites }) => count + sites.length, 0),
    clients: clients.list().map((client) => signInClient(client, clients.missingField(client))),
    ...(flow === undefined ? {} : { flow }),
    ...(connectOutcome === undefined ? {} : { connectOutcome }),
    ...missing,
    storageFaults: storageFaults(),
  };
}

function signInClient(
  { id, name, type, rejectedAtMs, policy }: StoredClient,
  missingField: DraftSecret | undefined,
): SignInClient {
  const isRejected = rejectedAtMs !== undefined;
  return {
    id,
    name,
    type,
    isRejected,
    ...(missingField === undefined ? {} : { missingField }),
    ...(policy === undefined ? {} : { managed: { hasSecret: policy.hasSecret } }),
  };
}
