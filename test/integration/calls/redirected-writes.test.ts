import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { apiCalls, fetchAll } from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({ standin: { transport: 'tls' }, access: 'write' });

const gateway = (): string => {
  const site = session.sites.find(({ url }) => url.includes('acme'));
  return `https://api.atlassian.com/ex/jira/${site?.cloudId ?? ''}`;
};
const task = 'https://acme.atlassian.net/rest/api/3/task/10641';

test.each([
  ['DELETE', '/rest/api/3/field/customfield_10001'],
  ['POST', '/rest/api/2/issue/properties/multi'],
])(
  'a write that Jira runs as a task is a 303 without anything else: %s %s',
  async (method, input) => {
    standin.faults.add({ kind: 'redirect', status: 303, location: task, match: { method } });
    const reply = await fetchAll(harness.page(), { method, input });
    expect(reply).toMatchObject({ status: 303, statusText: 'See Other', headers: [] });
    expect([reply.bytes.length, reply.url]).toEqual([0, `https://acme.atlassian.net${input}`]);
    // Sent once, and not followed.
    expect(apiCalls(standin)).toHaveLength(1);
    expect(standin.log.requests({ host: 'acme.atlassian.net', path: /task/u })).toEqual([]);
  },
);

test.each([301, 302, 303, 307, 308])(
  'any other write that is answered by a %i may have run',
  async (status) => {
    standin.faults.add({ kind: 'redirect', status, location: task, match: { method: 'PUT' } });
    const call = { method: 'PUT', input: '/rest/api/3/issue/ROC-1' };
    expect(await rejection(fetchAll(harness.page(), call))).toMatchObject({
      code: 'outcome_unknown',
      subject: 'redirect',
    });
    expect(apiCalls(standin)).toHaveLength(1);
  },
);

test.each([
  [201, () => task, task],
  [202, () => `${gateway()}/rest/api/3/task/10641`, task],
  [202, () => '/rest/api/3/task/10641', task],
  [201, () => 'https://evil.example/rest/api/3/task/1', undefined],
  [201, () => '/ex/jira/another-cloud/rest/api/3/task/1', undefined],
  [200, () => task, undefined],
])('the location of a %i, %s, reaches the page as %s', async (status, location, expected) => {
  const headers = { location: location() };
  standin.faults.add({ kind: 'status', status, headers, match: { method: 'POST' } });
  const call = { method: 'POST', input: '/rest/api/3/issue' };
  const reply = await fetchAll(harness.page(), call);
  expect(new Map(reply.headers).get('location')).toBe(expected);
});
