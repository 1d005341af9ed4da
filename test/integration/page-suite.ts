/** Suites that run over the double of `threelo/testing` and over the real background: a page cannot tell them apart. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';
import {
  beginAnew,
  openBroker,
  openDouble,
  type Granted,
  type PageSubject,
} from './page-subjects.ts';
import { standin } from './use-session.ts';

export const acme = 'https://acme.atlassian.net';
export const globex = 'https://globex.atlassian.net';
export const own = 'https://dc.example.test/jira';
export const myself = '/rest/api/3/myself';
export const issue = '/rest/api/3/issue';
export const all: Granted = { sites: ['acmeJira', 'acmeWiki', 'globexJira', 'ownJira'] };
export const jiraOnly: Granted = { sites: ['acmeJira'] };

/** The page of the running test. */
export let subject: PageSubject;
/** How the calls of the running test ended. */
let ends: unknown[];

/** The arguments of `threelo.fetch`. */
export type FetchArguments = Parameters<PageSubject['threelo']['fetch']>;

/**
 * Runs the tests over both. How calls end, with their messages, is the same over both too. The page is connected to one site,
 * at `https://dashboard.example`.
 */
export function describeSubjects(tests: () => void): void {
  const endsOfDouble = new Map<string, unknown[]>();
  describe.each([
    ['the double', openDouble, () => Promise.resolve()],
    ['the broker', openBroker, () => standin.close()],
  ])('%s', (name, open, close) => {
    beforeAll(async () => {
      vi.stubGlobal('location', new URL('https://dashboard.example/page'));
      subject = await open();
    });
    afterAll(async () => {
      await subject.disconnect();
      await close();
      vi.unstubAllGlobals();
    });
    beforeEach(async () => {
      beginAnew();
      ends = [];
      subject.passTime();
      await subject.disconnect();
      await subject.grant(jiraOnly);
    });
    afterEach(({ task }) => {
      const { suite } = task;
      const title = `${suite?.name === name ? '' : (suite?.name ?? '')} ${task.name}`;
      if (name === 'the double') endsOfDouble.set(title, ends);
      else expect(ends).toEqual(endsOfDouble.get(title));
    });
    tests();
  });
}

interface Thrown extends Error {
  readonly code?: string;
  readonly candidates?: readonly string[];
}

/** A response with its text, another value, or how a call was refused. */
export async function endOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  const end = await work.then(valueOf, thrownOf);
  ends.push(end);
  return end;
}

async function valueOf(value: unknown): Promise<Record<string, unknown>> {
  if (!(value instanceof Response)) return { value };
  const { status, statusText, url, headers } = value;
  return { status, statusText, url, headers: [...headers], text: await value.text() };
}

function thrownOf(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { thrown };
  const { name, code, message, candidates } = thrown as Thrown;
  return { name, code, message, ...(candidates && { candidates: candidates.length }) };
}

/** How a call ends. */
export async function call(...given: FetchArguments): Promise<Record<string, unknown>> {
  return endOf(subject.threelo.fetch(...given));
}

export function post(
  input: string,
  init: FetchArguments[1] = {},
): Promise<Record<string, unknown>> {
  return call(input, { method: 'POST', ...init });
}

/** The id of a granted site. */
export async function idOf(url: string, product = 'jira'): Promise<string> {
  const sites = await subject.threelo.sites();
  return sites.find((site) => site.url === url && site.product === product)?.id ?? 'none';
}
