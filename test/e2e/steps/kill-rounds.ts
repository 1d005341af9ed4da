import { expect } from 'vitest';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import { pollUntil, withDeadline } from '../machine/deadline.ts';
import { waitForApi, type Setting } from './steps.ts';

/** Where in a token request a kill is placed: before the server acts, between its act and its answer, right after, or anywhere. */
export const killMoments = ['before', 'while', 'after', 'at random'] as const;
export type KillMoment = (typeof killMoments)[number];

/** One kill among the refreshes of all sessions. */
export interface KillRound {
  readonly moment: KillMoment;
  /** With the how-manieth token request the kill comes. */
  readonly request: number;
  /** How long after that, in milliseconds. */
  readonly delayMs: number;
}

/** Browsers hold no more connections to one host, so no more requests are under way while the answers are held back. */
const mostAtOnce = 6;
const longestDelayMs = 150;
const token = { path: '/oauth/token', method: 'POST' } as const;

/** As many rounds as asked for, each moment in turn, the rest by chance. */
export function killRounds(count: number, sessions: number, random: () => number): KillRound[] {
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  return Array.from({ length: count }, (_, at): KillRound => {
    const moment = killMoments[at % killMoments.length] ?? 'at random';
    const isHeld = moment === 'before' || moment === 'while';
    return {
      moment,
      request: upTo(isHeld ? mostAtOnce : sessions),
      delayMs: moment === 'at random' ? upTo(longestDelayMs) : 0,
    };
  });
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Calls Jira at every site of the page's grant at once; how each call ended, by site. */
export async function callEverySite(page: PageUnderTest): Promise<readonly string[]> {
  await waitForApi(page);
  const called = page.evaluate(async () => {
    const sites = await window.threelo.sites();
    return Promise.all(
      sites.map(({ id, name }) =>
        window.threelo.fetch('/rest/api/3/myself', { site: id }).then(
          ({ status }) => `${name}: ${String(status)}`,
          (thrown: Error & { code?: string }) => `${name}: ${thrown.code ?? thrown.message}`,
        ),
      ),
    );
  });
  return withDeadline(called, 'the calls of every site to end', 50_000);
}

/**
 * Ends all access tokens, lets every session be used, kills at the moment given, and asks for what has to be true: every
 * session serves, with no sign-in, no replay and at most one token request more than without the kill.
 */
export async function survive(
  { standin }: Setting,
  round: KillRound,
  page: PageUnderTest,
  served: readonly string[],
  kill: () => Promise<PageUnderTest>,
): Promise<PageUnderTest> {
  const { auditor } = standin;
  const before = new Map(auditor.refreshesByFamily);
  standin.expireAccessTokens();
  const moment = approach(standin, round);
  // The page's calls may end with the worker, or with the page: what counts is whether the next ones are served.
  const cutOff = callEverySite(page).catch(() => undefined);
  await moment.reached;
  const after = await kill();
  moment.release();
  if (after === page) await cutOff;
  const which = `killed ${round.moment}, token request ${String(round.request)}`;
  expect(await callEverySite(after), which).toEqual(served);
  const counts = [...auditor.refreshesByFamily].map(([id, count]) => count - (before.get(id) ?? 0));
  expect(Math.max(...counts), `${which}: token requests of a session`).toBeLessThanOrEqual(2);
  expect(auditor.replaysOutsideLeeway, which).toEqual([]);
  expect(auditor.deadRefreshes, which).toEqual([]);
  return after;
}

/** Watches for the moment of a kill, and holds the server where it has to be. */
function approach(
  { log, faults, auditor }: Setting['standin'],
  { moment, request, delayMs }: KillRound,
): { reached: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = { kind: 'latency', until, match: token, times: Infinity } as const;
  if (moment === 'before') faults.add({ ...held, when: 'before' });
  if (moment === 'while') faults.add({ ...held, when: 'after' });
  log.clear();
  const acts = (): number =>
    [...auditor.refreshesByFamily.values()].reduce((sum, count) => sum + count, 0);
  const actsBefore = acts();
  const isReached = (): boolean => {
    if (moment === 'while') return acts() - actsBefore >= request;
    const entries = log.requests(token);
    const isAnswered = moment === 'after';
    return entries.filter(({ outcome }) => !isAnswered || outcome === 'answered').length >= request;
  };
  const reached = async (): Promise<void> => {
    const awaited = `${String(request)} token requests (${moment})`;
    // Nothing reports that the server acted; while its answers are held back, nothing else happens either.
    if (moment === 'while')
      await pollUntil(() => Promise.resolve(isReached() || undefined), awaited);
    else await withDeadline(log.waitFor(isReached), awaited);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  };
  return {
    reached: reached(),
    release: () => {
      faults.clear();
      release();
    },
  };
}
