/** Something between the browser and the provider responds in its place: a proxy, a captive portal, a server without the product. */
import { describe, expect, test } from 'vitest';
import type { ClientView } from '../../../extension/wire/views.ts';
import { toFault } from '../../../extension/core/values/fault.ts';
import type { FaultMatch } from '../../standin/http/faults.ts';
import { isLongRun } from '../../support/chance.ts';
import { passUntil } from '../../support/days.ts';
import { addClient, connect, runFlow } from '../../support/harness.ts';
import { fetchAll, hasRefreshToken } from '../../support/page-calls.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

useBackground();

const statuses = [
  300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 407, 408, 410, 418, 421, 425,
  429, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599,
];
/** Of each class of status at least one. */
const classes = [302, 401, 404, 407, 429, 500, 502, 503];
const bodies: readonly (readonly [string, string, string])[] = [
  ['a web page', 'text/html', '<html><h1>Sign in to the network</h1></html>'],
  ['text', 'text/plain', 'invalid_grant'],
  ['nothing', 'text/plain', ''],
  ['JSON without an error', 'application/json', '{"message":"invalid_grant"}'],
  ['JSON with an object as error', 'application/json', '{"error":{"code":"invalid_grant"}}'],
  ['JSON with prose as error', 'application/json', '{"status":404,"error":"Not Found"}'],
  ['a link with a problem', 'text/html', '<a href="?x=1&oauth_problem=token_rejected&y">'],
];
const durations = [
  ['seconds', 20 * second],
  ['an hour', hour],
  ['a day', day],
] as const;

/** Fewer for longer outages: each hour of them costs a test many requests. */
function statusesFor(ms: number): readonly number[] {
  if (ms < hour) return statuses;
  return ms < day ? classes : [407];
}

/**
 * In the long run all, and a third of them for an outage of an hour, in turn. In a usual run one, and another one in each row, so that
 * each body is used with every status. For a day one.
 */
function bodiesFor(ms: number, at: number, row: number): readonly (typeof bodies)[number][] {
  if (ms >= day) return bodies.slice(0, 1);
  if (!isLongRun) return bodies.filter((_, index) => index === (at + row) % bodies.length);
  return ms < hour ? bodies : bodies.filter((_, index) => index % 3 === at % 3);
}

/** In a usual run, a day in every other row: each system has one. */
function durationsFor(row: number): readonly (typeof durations)[number][] {
  const isWithDay = isLongRun || (row + Math.floor(row / systems.length)) % 2 === 1;
  return durations.filter(([, ms]) => ms < day || isWithDay);
}

interface System {
  readonly name: string;
  readonly path: string;
  readonly refreshes: FaultMatch;
  readonly signIn: () => Promise<ClientView>;
}
const systems: readonly System[] = [
  {
    name: 'Atlassian Cloud',
    path: '/rest/api/3/myself',
    refreshes: { host: 'auth.atlassian.com', grantType: 'refresh_token' },
    signIn: () => addClient(harness, standin),
  },
  ...['Data Center, jira', 'generic'].map((name) => ({
    name,
    path: systemCase(name).path,
    refreshes: { host: systemCase(name).tokenHost, grantType: 'refresh_token' },
    signIn: () => addSystemClient(systemCase(name)),
  })),
  {
    name: 'application link',
    path: '/rest/api/2/myself',
    refreshes: { host: 'legacy.example.test', path: '/jira/plugins/servlet/oauth/access-token' },
    signIn: () => {
      standin.oauth1.jira.settings.accessTokenMs = hour;
      return applicationLink({ harness, standin });
    },
  },
];

async function signIn(system: System): Promise<ClientView> {
  const client = await system.signIn();
  await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  await connect(harness, sessions[0]!, { sites: sessions[0]!.sites.slice(0, 1) });
  return client;
}

/** What a page gets: the status of the response, or the code of the fault. */
async function call({ path }: System): Promise<number | string> {
  try {
    return (await fetchAll(harness.page(), { input: path })).status;
  } catch (thrown) {
    return toFault(thrown).code;
  }
}

interface Outage {
  readonly status: number;
  readonly body: (typeof bodies)[number];
  readonly match: FaultMatch;
  readonly ms: number;
}

/** From the expiry of the access token on, all requests of `match` are answered so for some time; then a page calls. */
async function endure(system: System, outage: Outage): Promise<void> {
  const { status, body, match, ms } = outage;
  const label = `${status}, ${body[0]}`;
  harness.world.elapse(hour);
  const end = standin.faults.add({
    kind: 'status',
    status,
    contentType: body[1],
    body: body[2],
    headers: status < 400 ? { location: 'https://portal.example.test/' } : {},
    match,
    times: Infinity,
  });
  const untilMs = harness.world.nowMs() + ms;
  expect(await call(system), label).not.toBe(200);
  harness.world.elapse(5 * second);
  expect(await call(system), label).not.toBe(200);
  await passUntil(harness, untilMs);
  expect(await call(system), label).not.toBe(200);
  end();
  expect(await call(system), `${label}: the call after it`).toBe(200);
  const sessions = await harness.ui('session.list', {});
  const shown = sessions.map((one) => [one.status, one.isClientRejected, one.refreshError]);
  expect(shown, label).toEqual([['valid', false, undefined]]);
}

describe.each(systems.map((system, at) => ({ ...system, at })))('$name', (system) => {
  describe.each([
    ['refreshes alone', system.at, (): FaultMatch => system.refreshes],
    ['all requests', systems.length + system.at, (): FaultMatch => ({})],
  ] as const)('an intermediary that responds to %s', (_, row, matchOf) => {
    test.each(durationsFor(row))(
      'for %s ends no session, causes no replay, and the next call works',
      { timeout: 120_000 },
      async (_name, ms) => {
        const client = await signIn(system);
        for (const [at, status] of statusesFor(ms).entries()) {
          // The grants of some providers end by themselves after two weeks.
          await runFlow(harness, client);
          for (const body of bodiesFor(ms, at, row))
            await endure(system, { status, body, match: matchOf(), ms });
        }
        expect(standin.auditor).toMatchObject({
          replaysInsideLeeway: [],
          replaysOutsideLeeway: [],
        });
      },
    );
  });
});

test.each([302, 401, 404, 407])(
  'while an intermediary responds with %i, no refresh token is sent whose earlier request had no response',
  async (status) => {
    const [, system] = systems;
    await signIn(system!);
    harness.world.elapse(hour);
    const { host } = system!.refreshes;
    const match = { ...system!.refreshes, field: 'refresh_token' };
    standin.faults.add({ kind: 'drop-before', match });
    const headers = { location: 'https://portal.example.test/' };
    const body = '<html><h1>Sign in</h1></html>';
    const page = { kind: 'status', status, body, contentType: 'text/html', headers } as const;
    const end = standin.faults.add({ ...page, match: { host: host! }, times: Infinity });
    for (let time = 0; time < 3; time += 1) {
      expect(await call(system!)).toBe('offline');
      harness.world.elapse(hour / 3);
    }
    expect(standin.log.requests({ host: host! }).filter(hasRefreshToken)).toHaveLength(1);
    end();
    expect(await call(system!)).toBe(200);
  },
);
