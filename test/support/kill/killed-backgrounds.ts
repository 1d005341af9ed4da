import { toFault } from '../../../extension/core/values/fault.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { startStandin, type Standin, type StandinOptions } from '../../standin/standin.ts';
import { chanceOf, type Chance } from '../chance.ts';
import { addClient, aDraft, connect, dashboard, runFlow } from '../harness.ts';
import { fetchAll, sitesAt } from '../page-calls.ts';
import { testWorld, type TestWorld } from '../test-world.ts';
import { startKillable, type KillableBackground } from './killable-background.ts';
import { watchTokens, type TokenWatch } from './token-watch.ts';
import { connections } from '../connections.ts';

/** A browser with a client, and a stand-in without sockets. */
export interface BrowserSetup {
  readonly standin: Standin;
  readonly browser: TestWorld;
  readonly client: ClientView;
  readonly watch: TokenWatch;
  /** Signs an account in and connects an origin to one site of it. */
  account(name: 'ada' | 'bo', origin?: Origin): Promise<SessionView>;
}

/** Starts a stand-in, and a browser in front of it. */
export async function setUpBrowser(options: StandinOptions = {}): Promise<BrowserSetup> {
  const standin = await startStandin({ ...options, transport: 'memory' });
  return browserOn(standin, 'team-client');
}

/** Another browser, with a client of its own, in front of the same stand-in. */
export async function browserOn(standin: Standin, clientId: string): Promise<BrowserSetup> {
  const browser = testWorld(standin);
  const watch = watchTokens(browser);
  const { ui, life } = startKillable(browser, chanceOf('client'));
  const client = await addClient({ ui }, standin, aDraft({ clientId }));
  life.end();
  const setup = { standin, browser, client, watch };
  return { ...setup, account: (name, origin) => account(name, origin, setup) };
}

async function account(
  name: 'ada' | 'bo',
  origin: Origin = dashboard,
  { standin, browser, client }: Omit<BrowserSetup, 'account'>,
): Promise<SessionView> {
  const { ui, life } = startKillable(browser, chanceOf(name));
  browser.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: name }),
  });
  const { sessionId } = await runFlow({ ui }, client);
  const sessions = await ui('session.list', {});
  const session = sessions.find(({ id }) => id === sessionId);
  if (session === undefined) throw new Error('no session');
  await connect({ ui, world: browser }, session, { origin, sites: firstSite(session) });
  await life.quiet();
  life.end();
  return session;
}

/** The site that a page is connected to. */
export function firstSite(session: SessionView): SessionView['sites'] {
  return [...sitesAt(session, 'acme'), ...session.sites].slice(0, 1);
}

/** The first event after a kill: a call, an overview for the popup, or only a start, as by an alarm. */
export async function wake({ browser }: BrowserSetup, chance: Chance): Promise<KillableBackground> {
  const next = startKillable(browser, chance);
  const event = chance.pick(['call', 'look', 'start'] as const);
  if (event === 'call') await outcome(next, dashboard);
  if (event === 'look') await next.ui('overview.get', {});
  await next.started;
  await next.life.quiet();
  return next;
}

/** What a page gets: the status of the answer, or the code of the fault. */
export async function outcome(
  { page }: Pick<KillableBackground, 'page'>,
  origin: Origin = dashboard,
  documentId = 'document-1',
): Promise<number | string> {
  try {
    return (await fetchAll(page(origin, { documentId }))).status;
  } catch (thrown) {
    return toFault(thrown).code;
  }
}

/** The state of a background, seen from popup and pages. */
export async function found(next: KillableBackground, origins: readonly Origin[] = [dashboard]) {
  const replies = await Promise.all(origins.map((origin) => outcome(next, origin)));
  const sessions = await next.ui('session.list', {});
  const grants = await connections(next.ui);
  return {
    replies,
    sessions: sessions.map(({ id, status }) => [id, status] as const),
    grants: grants.map(({ origin, sites }) => [origin, sites.length] as const),
  };
}

/** Lets a background work until it is idle or killed, and until all that it sent has arrived. */
export async function untilIdleOrKilled(
  { life }: KillableBackground,
  work: Promise<unknown>,
  { watch }: BrowserSetup,
): Promise<void> {
  await Promise.race([work.then(() => life.quiet()), life.over]);
  await new Promise((resolve) => setImmediate(resolve));
  if (life.isOver()) watch.crashed();
}

/** A sign-in from the click to its end, or to the end of the background. */
export function signIn(one: KillableBackground, setup: BrowserSetup): Promise<void> {
  return untilIdleOrKilled(one, one.ui('flow.start', { clientId: setup.client.id }), setup);
}
