import fc from 'fast-check';
import type { Settings } from '../../standin/state/settings.ts';
import { chanceOf, type Chance } from '../chance.ts';
import { connect } from '../harness.ts';
import { tokenRequests } from '../page-calls.ts';
import {
  firstSite,
  untilIdleOrKilled,
  outcome,
  setUpBrowser,
  signIn,
  type BrowserSetup,
} from './killed-backgrounds.ts';
import { startKillable, type KillableBackground } from './killable-background.ts';
import { moments } from './killable-world.ts';
import { connections } from '../connections.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;

/** The states that the model expects of a session. */
export interface Model {
  /** How many commands there were: what may cost a token request. */
  steps: number;
  /** Answers that may never have been stored: each may be asked for once more after its window. */
  losses: number;
  /** Whether something happened after which a session may need the person. */
  isExcused: boolean;
}

/** One browser with one account, and what is the matter with it. */
export interface Real {
  readonly setup: BrowserSetup;
  readonly chance: Chance;
  alive: KillableBackground;
  /** Work under way. */
  pending: Promise<unknown>[];
  isOffline: boolean;
  /** How far the browser's clock is off the service's, in milliseconds. */
  offMs: number;
  /** Sessions whose end was reported. */
  readonly ended: string[];
  /** The responses that a page got, in order. */
  readonly replies: (number | string)[];
}

/** A browser that is signed in and connected. */
export async function aReal(seed: number): Promise<Real> {
  const setup = await setUpBrowser();
  const { browser, standin } = setup;
  await setup.account('ada');
  const { fetch } = browser;
  const chance = chanceOf(String(seed));
  Object.assign(browser, {
    nowMs: () => standin.clock.nowMs() + real.offMs,
    fetch: (url: string, init: RequestInit) =>
      real.isOffline ? Promise.reject(new TypeError('offline')) : fetch(url, init),
  });
  const real: Real = {
    setup,
    chance,
    alive: startKillable(browser, chance),
    pending: [],
    isOffline: false,
    offMs: 0,
    ended: [],
    replies: [],
  };
  return real;
}

/** Replaces a killed background by a new one. */
async function revive(real: Real, model: Model): Promise<void> {
  const { setup, alive } = real;
  if (!alive.life.isOver()) return;
  await new Promise((resolve) => setImmediate(resolve));
  setup.watch.crashed();
  real.pending = [];
  model.losses += 1;
  real.alive = startKillable(setup.browser, real.chance);
  // It has to make up for what was cut short; if it is given no time for that, the session may be lost.
  if (real.chance.comes(0.1)) model.isExcused = true;
  else await real.alive.started.then(() => real.alive.life.quiet());
}

/** Waits for the work under way, or for the end of the background. */
export async function settle(real: Real, model: Model): Promise<void> {
  const work = real.pending;
  real.pending = [];
  await untilIdleOrKilled(real.alive, Promise.allSettled(work), real.setup);
  await revive(real, model);
}

function startCalls(real: Real, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const call = outcome(real.alive, undefined, `document-${at}`);
    real.pending.push(call.then((reply) => real.replies.push(reply)));
  }
}

async function signInAgain(real: Real): Promise<void> {
  await signIn(real.alive, real.setup);
  await untilIdleOrKilled(real.alive, connectAgain(real), real.setup);
}

/** Connects the page to the session that there is, unless it is connected. */
export async function connectAgain({ alive: { ui }, setup }: Real): Promise<void> {
  const sessions = await ui('session.list', {});
  const grants = await connections(ui);
  const session = sessions.find(({ status }) => status === 'valid');
  if (session === undefined || grants.some(({ sites }) => sites.length > 0)) return;
  try {
    const { sites } = await ui('session.refresh-sites', { id: session.id });
    const first = firstSite({ ...session, sites });
    await connect({ ui, world: setup.browser }, session, { sites: first });
  } catch {
    // Offline, or the grant is gone: the session says it, and no page is connected.
  }
}

async function signOut(real: Real): Promise<void> {
  const { alive, setup } = real;
  const look = alive.ui('session.list', {});
  await untilIdleOrKilled(alive, look, setup);
  if (alive.life.isOver()) return;
  for (const { id } of await look) {
    const done = alive.ui('session.sign-out', { id }).then(() => real.ended.push(id));
    real.pending.push(done);
    await Promise.race([done, alive.life.over]);
  }
}

type Step = fc.AsyncCommand<Model, Real>;

function step(name: string, run: (real: Real, model: Model) => Promise<void> | void): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      model.steps += 1;
      await revive(real, model);
      await run(real, model);
      expectCareful(real, model);
    },
    toString: () => name,
  };
}

/** What must hold at every moment. */
function expectCareful({ setup }: Real, { steps, losses }: Model): void {
  const { standin, watch } = setup;
  const { replaysOutsideLeeway, codeReuses } = standin.auditor;
  const sent = tokenRequests(standin, 'refresh_token').length;
  const sins = [
    ...watch.sins,
    ...(replaysOutsideLeeway.length > losses ? ['a replay outside the window'] : []),
    ...(codeReuses.length > 0 ? ['a code sent twice'] : []),
    ...(sent > 3 * steps + 5 ? [`a loop: ${sent} token requests in ${steps} steps`] : []),
  ];
  if (sins.length > 0) throw new Error(sins.join('; '));
}

const jumps = fc.oneof(fc.integer({ min: -2 * day, max: 2 * day }), fc.constantFrom(-day, hour));
const naps = fc.oneof(
  fc.integer({ min: 0, max: 20 * minute }),
  fc.constantFrom(hour, 9 * minute, 11 * minute, 3 * day),
);
const rotations: readonly Settings['rotation'][] = ['always', 'every-second', 'never'];

const calls = fc.integer({ min: 1, max: 5 }).map((count) =>
  step(`${count} calls`, (real) => {
    startCalls(real, count);
  }),
);
const laterCalls = fc.integer({ min: 1, max: 3 }).map((count) =>
  step(`an hour later, ${count} calls`, async (real, model) => {
    await settle(real, model);
    real.setup.browser.elapse(hour);
    startCalls(real, count);
  }),
);
const settled = fc.constant(step('settle', settle));
const crash = fc.constant(
  step('crash', async (real, model) => {
    real.alive.life.end();
    await revive(real, model);
  }),
);
const crashToCome = fc
  .record({ call: fc.integer({ min: 1, max: 30 }), moment: fc.constantFrom(...moments) })
  .map(({ call, moment }) =>
    step(`crash: ${moment}, call ${call}`, (real) => {
      real.alive.life.arm({ call, moment });
    }),
  );
const jump = jumps.map((ms) =>
  step(`the clock jumps by ${ms} ms`, (real, model) => {
    if (real.pending.length > 0) model.isExcused = true;
    real.offMs += ms;
  }),
);
const nap = naps.map((ms) =>
  step(`settle, and sleep ${ms} ms`, async (real, model) => {
    await settle(real, model);
    real.setup.browser.sleep(ms);
  }),
);
const suddenNap = naps.map((ms) =>
  step(`sleep ${ms} ms in the middle of it`, (real, model) => {
    // Calls in flight are given up; their results may be reported too late.
    if (real.pending.length > 0) model.isExcused = true;
    real.setup.browser.sleep(ms);
  }),
);
const network = fc.boolean().map((isOffline) =>
  step(isOffline ? 'offline' : 'online', (real, model) => {
    model.isExcused ||= isOffline;
    real.isOffline = isOffline;
  }),
);
const storm = fc.constantFrom('drop-after', 'drop-before', 'truncate').map((kind) =>
  step(kind, ({ setup }, model) => {
    setup.standin.faults.add({ kind, match: refresh });
    model.isExcused = true;
    model.losses += 1;
  }),
);
const rotation = fc.constantFrom(...rotations).map((which) =>
  step(`rotates ${which}`, ({ setup }) => {
    setup.standin.rotation = which;
  }),
);
const person = fc.constantFrom('sign in', 'sign out', 'revoke').map((what) =>
  step(what, async (real, model) => {
    model.isExcused = true;
    if (what === 'sign in') await signInAgain(real);
    else if (what === 'sign out') await signOut(real);
    else real.setup.standin.revokeGrant('ada', 'team-client');
  }),
);

/** Everything that may happen to a session, each as often as it helps to find something. */
export const steps: fc.Arbitrary<Step>[] = [
  calls,
  laterCalls,
  laterCalls,
  laterCalls,
  settled,
  settled,
  crash,
  crashToCome,
  crashToCome,
  jump,
  nap,
  rotation,
];
/** Together with faults after which a session may need consent. */
export const badSteps: fc.Arbitrary<Step>[] = [...steps, suddenNap, network, storm, person];
