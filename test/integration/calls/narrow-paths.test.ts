/* A page that was granted some paths only. */
import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import { chanceOf, onlyCase } from '../../support/chance.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard } from '../../support/harness.ts';
import { apiCalls, bodyOf, codeOf, fetchAll } from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({
  sites: () => [],
  scopes: ['offline_access', 'read:me', 'read:jira-work', 'write:jira-work'],
});

async function connectTo(paths: readonly string[], origin: Origin = dashboard): Promise<void> {
  harness.world.hosts.add(`${origin}/*`);
  const sites = session.sites
    .filter(({ cloudId, product }) => cloudId === ACME_CLOUD_ID && product === 'jira')
    .map(({ cloudId, product }) => ({ cloudId, product, sessionId: session.id }));
  await harness.ui('grant.prepare', { origin, sites, access: 'write', paths: [...paths] });
}
const issues = '/rest/api/3/issue/';

/** Whether a server that removes path parameters and decodes reads an issue's path. */
function isIssue(path: string): boolean {
  const segments = decodeURIComponent(path)
    .split('/')
    .map((segment) => segment.replace(/[;?].*$/u, '').trim());
  const [id = ''] = segments.slice(5).filter((segment) => segment !== '' && segment !== '.json');
  return (
    path.startsWith(issues) && id !== '' && !segments.some((segment) => /^\.{1,2}$/u.test(segment))
  );
}

test('hundreds of calls reach the site at no other path, whatever they are', async () => {
  await connectTo([issues]);
  const seed = onlyCase ?? 'narrow paths at the broker';
  const chance = chanceOf(seed);
  const hosts = [
    '',
    'https://acme.atlassian.net',
    `https://api.atlassian.com/ex/jira/${ACME_CLOUD_ID}`,
  ];
  const starts = [
    issues,
    issues,
    '/rest/api/3/issue',
    '/rest/api/latest/issue/',
    '/rest/api/3/search',
  ];
  const pieces = [
    'ROC-1',
    '..;',
    ';x',
    '%2e%2e',
    '%252e%252e',
    '.json',
    '%3F',
    '/',
    '%20',
    'type',
    '..',
  ];
  const inputOf = (): string => {
    const start = chance.pick(hosts as [string]) + chance.pick(starts as [string]);
    return (
      start +
      Array.from({ length: chance.below(4) }, () => chance.pick(pieces as [string])).join('')
    );
  };
  const outcomes = await Promise.all(
    Array.from({ length: 400 }, () => codeOf(fetchAll(harness.page(), { input: inputOf() }))),
  );
  const seen = apiCalls(standin).map(({ path }) => path.slice(`/ex/jira/${ACME_CLOUD_ID}`.length));
  expect(seen.length, seed).toBeGreaterThan(20);
  expect(
    seen.filter((path) => !isIssue(path)),
    seed,
  ).toEqual([]);
  expect(outcomes.filter((code) => code === 'not_allowed').length).toBeGreaterThan(20);
});

test('a call outside the paths is refused and not sent', async () => {
  await connectTo([issues]);
  expect(await rejection(fetchAll(harness.page()))).toMatchObject({
    code: 'not_allowed',
    subject: 'paths',
  });
  expect(apiCalls(standin)).toEqual([]);
});

test('the page sees where what it made is, if it may call that path', async () => {
  const create = async (): Promise<string | undefined> => {
    const fields = { project: { key: 'ROC' }, summary: 'One', issuetype: { name: 'Task' } };
    const reply = await fetchAll(harness.page(), {
      method: 'POST',
      input: '/rest/api/3/issue',
      headers: [['content-type', 'application/json']],
      body: bodyOf(JSON.stringify({ fields })),
    });
    expect(reply.status).toBe(201);
    return reply.headers.find(([name]) => name === 'location')?.[1];
  };
  const { fetch } = harness.world;
  let location = '';
  // The stand-in sends none.
  Object.assign(harness.world, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      return response.status === 201
        ? new Response(response.body, { status: 201, headers: { location } })
        : response;
    },
  });
  await connectTo(['/rest/api/3/issue']);
  location = 'https://acme.atlassian.net/rest/api/3/issue/10001';
  expect(await create()).toBe(location);
  location = 'https://acme.atlassian.net/rest/api/3/task/10001';
  expect(await create()).toBe(undefined);
});
