import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { toFault } from '../../../extension/core/values/fault.ts';
import type { SitesEntry } from '../../../extension/storage/schema.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import type { FaultAction } from '../../standin/http/faults.ts';
import { addPeople } from '../../standin/facts/sites.ts';
import { startStandin, type Standin } from '../../standin/standin.ts';
import { chanceOf, isLongRun, onlyCase, type Chance } from '../../support/chance.ts';
import { addClient, runFlow } from '../../support/harness.ts';
import { startKillable, type KillableBackground } from '../../support/kill/killable-background.ts';
import { moments } from '../../support/kill/killable-world.ts';
import { fetchAll, whileTimePasses } from '../../support/page-calls.ts';
import { testWorld, type TestWorld } from '../../support/test-world.ts';

const minute = 60_000;
const hour = 60 * minute;
const hours = 24;
const stepMs = 5 * minute;
const pageCount = 50;
const sessionCount = 200;
const sitesEach = 25;
const callsPerStep = 35;

/** What is counted. */
interface Figures {
  outcomes: Record<string, number>;
  kills: number;
  faults: number;
  /** Bytes of sessions that were written to either copy, as JSON. */
  sessionBytes: number;
}

/** A browser with all sessions and pages, and what goes wrong. */
interface Soak {
  readonly standin: Standin;
  readonly browser: TestWorld;
  readonly chance: Chance;
  readonly sessions: readonly SessionView[];
  readonly figures: Figures;
  alive: KillableBackground;
}

const refresh = { path: '/oauth/token', grantType: 'refresh_token', field: 'refresh_token' };
const api = { path: /^\/ex\// };
/** What a token endpoint does wrong without losing anything for good. */
const tokenFaults: readonly [FaultAction, ...FaultAction[]] = [
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'truncate' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 502, body: '<html>' },
  { kind: 'rate-limit', retryAfterSeconds: 2 },
  { kind: 'omit-refresh-token' },
  { kind: 'html' },
];
const apiFaults: readonly [FaultAction, ...FaultAction[]] = [
  { kind: 'drop-before' },
  { kind: 'truncate' },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 500 },
  { kind: 'rate-limit', retryAfterSeconds: 1 },
];

const pageOf = (at: number): Origin => `https://page-${String(at)}.example` as Origin;
/** The sessions of a page, all sites of each. */
const sessionsOf = ({ sessions }: Pick<Soak, 'sessions'>, page: number): SessionView[] =>
  sessions.filter((_, at) => at % pageCount === page);

async function setUp(chance: Chance): Promise<Soak> {
  const standin = await startStandin({ transport: 'memory' });
  const people = addPeople(standin, sessionCount, sitesEach);
  const browser = testWorld(standin);
  const alive = startKillable(browser, chance);
  const { ui } = alive;
  const client = await addClient({ ui }, standin);
  for (const { nickname } of people) {
    browser.person = async (url) => ({
      redirectedTo: await standin.consent(url.href, { account: nickname }),
    });
    await runFlow({ ui }, client);
  }
  const sessions = await ui('session.list', {});
  for (let at = 0; at < pageCount; at += 1) {
    const origin = pageOf(at);
    const sites = sessionsOf({ sessions }, at).flatMap((session) =>
      session.sites.map((site) => ({ ...site, sessionId: session.id })),
    );
    browser.hosts.add(`${origin}/*`);
    await ui('grant.prepare', {
      origin,
      sites: sites.map(({ cloudId, product, sessionId }) => ({ cloudId, product, sessionId })),
      access: 'read',
    });
  }
  const figures = { outcomes: {}, kills: 0, faults: 0, sessionBytes: 0 };
  return { standin, browser, chance, sessions, figures, alive };
}

/** One call of a page to some site of some session. */
async function call(soak: Soak, page: number, session: SessionView): Promise<void> {
  const { alive, chance, figures } = soak;
  const site = session.sites[chance.below(session.sites.length)];
  const input = `${site?.url ?? ''}/rest/api/3/myself`;
  const send = alive.page(pageOf(page), { documentId: `document-${String(page)}`, tabId: page });
  let outcome: string;
  try {
    outcome = String((await fetchAll(send, { input })).status);
  } catch (thrown) {
    outcome = toFault(thrown).code;
  }
  figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
}

/** Adds a fault or two, and the end of the worker at some call of a port. */
function trouble({ standin, chance, alive, figures }: Soak): void {
  standin.faults.clear();
  for (const [match, actions, likely] of [
    [refresh, tokenFaults, 0.3],
    [api, apiFaults, 0.3],
  ] as const) {
    if (!chance.comes(likely)) continue;
    standin.faults.add({ ...chance.pick(actions), match });
    figures.faults += 1;
  }
  if (chance.comes(0.3))
    alive.life.arm({ call: 1 + chance.below(400), moment: chance.pick(moments) });
}

/** The alarms that are due, and calls of pages. Then, if the worker was killed, the next one starts. */
async function step(soak: Soak): Promise<void> {
  const { browser, chance, figures } = soak;
  trouble(soak);
  const { alive } = soak;
  const work: Promise<unknown>[] = [];
  for (const [name, atMs] of browser.alarmsSet) {
    if (atMs > browser.nowMs()) continue;
    browser.alarmsSet.delete(name);
    work.push(alive.alarm());
  }
  for (let at = 0; at < callsPerStep; at += 1) {
    const page = chance.below(pageCount);
    const session = sessionsOf(soak, page)[chance.below(sessionCount / pageCount)];
    if (session) work.push(call(soak, page, session));
  }
  const done = Promise.allSettled(work).then(() => alive.life.quiet());
  // Some wait for time, e.g. after a 429.
  await whileTimePasses(browser, Promise.race([done, alive.life.over]));
  if (alive.life.isOver()) {
    figures.kills += 1;
    await new Promise((resolve) => setImmediate(resolve));
    soak.alive = startKillable(browser, chance);
    await soak.alive.started;
    await soak.alive.life.quiet();
  } else alive.life.arm();
  browser.elapse(stepMs);
}

/** Bytes of each kind of entry in each store, without the activity log, which grows to limits of its own. */
function weigh({ local, session, mirror }: TestWorld): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const [name, { entries }] of Object.entries({ local, session, mirror }))
    for (const [key, value] of entries) {
      const kind = `${name}: ${key.split(':')[0] ?? ''}`;
      if (!kind.includes('activity'))
        weights[kind] = (weights[kind] ?? 0) + JSON.stringify(value).length;
    }
  return weights;
}

/** Counts the bytes of sessions that are written from now on. */
function countWrites({ local, mirror }: TestWorld, figures: Figures): void {
  for (const area of [local, mirror]) {
    const write = area.write.bind(area);
    Object.assign(area, {
      write: (entries: Record<string, unknown>) => {
        for (const [key, value] of Object.entries(entries))
          if (/^(?:session|sites):/u.test(key))
            figures.sessionBytes += JSON.stringify(value).length;
        return write(entries);
      },
    });
  }
}

/** What is stored of sessions and sites in one copy, in bytes of JSON each. */
function stored({ local }: TestWorld): readonly [session: number, site: number] {
  const entriesOf = (prefix: string): unknown[] =>
    [...local.entries].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  const bytesOf = (values: readonly unknown[]): number =>
    values.reduce((sum: number, value) => sum + JSON.stringify(value).length, 0);
  const sessions = entriesOf('session:');
  const lists = entriesOf('sites:') as readonly SitesEntry[];
  const sites = lists.flatMap((list) => list.sites);
  return [bytesOf(sessions) / sessions.length, bytesOf(lists) / sites.length];
}

function print({ standin, browser, figures }: Soak): void {
  const { outcomes, kills, faults, sessionBytes } = figures;
  const refreshes = [...standin.auditor.refreshesByFamily.values()].reduce((a, b) => a + b, 0);
  const [session, site] = stored(browser).map(Math.round);
  console.log(
    [
      `calls                                 ${JSON.stringify(outcomes)}`,
      `ends of the worker                    ${String(kills)}`,
      `faults of the servers                 ${String(faults)}`,
      `refreshes                             ${String(refreshes)}`,
      `bytes written for a refresh           ${String(Math.round(sessionBytes / refreshes))}`,
      `bytes stored in a copy for a session  ${String(session)}, and for each site ${String(site)}`,
    ].join('\n'),
  );
}

test.runIf(isLongRun)(
  '24 hours with 50 pages, 200 sessions and 5,000 sites, faults and kills: no session is lost, and nothing grows',
  { timeout: 1_800_000 },
  async () => {
    const seed = onlyCase ?? String(Date.now());
    console.log(`soak: THREELO_SEED='${seed}'`);
    const soak = await setUp(chanceOf(seed));
    const { standin, browser, figures } = soak;
    countWrites(browser, figures);
    soak.alive.life.end();
    soak.alive = startKillable(browser, soak.chance);
    const weights: ReturnType<typeof weigh>[] = [];
    for (let at = 0; at < hours; at += 1) {
      for (let ms = 0; ms < hour; ms += stepMs) await step(soak);
      weights.push(weigh(browser));
      standin.log.clear();
    }
    print(soak);
    standin.faults.clear();
    figures.outcomes = {};
    for (let page = 0; page < pageCount; page += 1)
      for (const session of sessionsOf(soak, page)) await call(soak, page, session);
    expect(figures.outcomes).toEqual({ 200: sessionCount });
    const states = await soak.alive.ui('session.list', {});
    expect(states.map(({ status }) => status)).toEqual(Array(sessionCount).fill('valid'));
    expect(standin.auditor).toMatchObject({ replaysOutsideLeeway: [], deadRefreshes: [] });
    const most = (kind: string): number =>
      Math.max(...weights.slice(0, 4).map((hourly) => hourly[kind] ?? 0));
    for (const [kind, bytes] of Object.entries(weights.at(-1) ?? {}))
      // What is counted of the hour begins anew with each, and is more at some moments.
      expect(bytes, kind).toBeLessThan((kind.endsWith('quota') ? 1.5 : 1.1) * most(kind) + 1000);
  },
);
