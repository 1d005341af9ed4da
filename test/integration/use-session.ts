import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Access } from '../../extension/core/grant/page-grant.ts';
import type { ClientDraft } from '../../extension/core/client/client-configuration.ts';
import type { ClientView, SessionView } from '../../extension/wire/views.ts';
import { startStandin, type Standin, type StandinOptions } from '../standin/standin.ts';
import {
  aDraft,
  allowHosts,
  connect,
  signedIn,
  startHarness,
  type Harness,
} from '../support/harness.ts';
import { sitesAt } from '../support/page-calls.ts';
import type { TestWorld } from '../support/test-world.ts';
import { simulateTime, type SimulatedTime } from '../support/time/simulated-time.ts';
import { systemClient, systemDraft, type SystemCase } from '../support/samples/systems.ts';

/* What the running test works with. An imported name always has the value of the running test. */
export let standin: Standin;
export let harness: Harness;
/** Only after {@link useSession}. */
export let client: ClientView;
/** Only after {@link useSession}. */
export let session: SessionView;
/** Only after {@link useTimedSession}. */
export let time: SimulatedTime;

/** How a suite starts. */
export interface SessionOptions {
  readonly standin?: StandinOptions;
  readonly scopes?: readonly string[];
  /** The sites that `dashboard` is connected to; default: those of Acme. With an empty list it is not connected. */
  readonly sites?: (session: SessionView) => SessionView['sites'];
  readonly access?: Access;
  /** Changes the world before the background starts. */
  readonly prepare?: (world: TestWorld) => void;
}

/**
 * A stand-in in memory is started in a tenth of the time of one behind TLS, and its clock stands still: `transport: 'tls'` is for suites
 * about what the network does to calls.
 */
const usual: StandinOptions = { transport: 'memory' };

/** Starts a stand-in and a background, before each test of the suite or once for all of them. */
export function useBackground(options: StandinOptions = {}, when: 'each' | 'once' = 'each'): void {
  const [before, after] = when === 'each' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(() => startBackground(options));
  after(() => standin.close());
}

/** As {@link useBackground}; then Ada signs in to Atlassian Cloud, and a page is connected. */
export function useSession(options: SessionOptions = {}, when: 'each' | 'once' = 'each'): void {
  const [before, after] = when === 'each' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(() => startSession(options));
  after(() => standin.close());
}

/** As {@link useSession}, in simulated time. */
export function useTimedSession(options: Omit<SessionOptions, 'prepare'> = {}): void {
  useSession({
    ...options,
    prepare: (world) => {
      time = simulateTime(standin.clock);
      time.join(world);
    },
  });
}

async function startBackground(
  options?: StandinOptions,
  prepare?: (world: TestWorld) => void,
): Promise<void> {
  standin = await startStandin({ ...usual, ...options });
  harness = await startHarness(standin, undefined, false, prepare);
}

/** Starts again, for a test that needs other options than its suite. */
export async function startSession(options: SessionOptions): Promise<void> {
  const { scopes, sites, access } = options;
  await startBackground(options.standin, options.prepare);
  ({ client, session } = await signedIn(harness, standin, aDraft(scopes && { scopes })));
  const connected = sites?.(session) ?? sitesAt(session, 'acme');
  if (connected.length > 0)
    await connect(harness, session, { sites: connected, ...(access && { access }) });
}

/** Saves the client of another system, registers it there, and lets the background reach its hosts. */
export async function addSystemClient(
  one: SystemCase,
  part: Partial<ClientDraft> = {},
): Promise<ClientView> {
  const draft = { ...systemDraft(one, standin), ...part };
  const added = await harness.ui('client.create', { client: draft });
  one.register(standin, systemClient.id, systemClient.secret, added.redirectUri);
  await allowHosts(harness, added);
  return added;
}

/** Ends the background; from now on `harness` is a new one over the same stores. */
export async function revive(): Promise<void> {
  replaceHarness(await harness.revive());
}

/** From now on `harness` is this one. */
export function replaceHarness(next: Harness): void {
  harness = next;
}
