import { describe, expect, test } from 'vitest';
import { limitedScope, scopesOf } from './limit-scope.ts';
import type { LimitedCall } from './limited-call.ts';

const call = {
  origin: 'https://a.example',
  sessionId: 's',
  app: 'id api.atlassian.com',
  tenant: 'c',
  method: 'PUT',
  endpoint: '/rest/api/3/issue/*',
  issue: 'ACME-1',
  isReading: false,
  system: 'jira-cloud',
} as unknown as LimitedCall;
const changed = (changes: object): LimitedCall => ({ ...call, ...changes });

/** Whether a 429 with a reason, for one call, closes another one. */
function closes(reason: string | undefined, changes: object, of = call): boolean {
  const { key } = limitedScope(of, reason);
  return scopesOf({ ...of, ...changes }).some((scope) => scope.key === key);
}

describe('a 429', () => {
  const app = { app: 'other api.atlassian.com' };
  const tenant = { tenant: 'd' };
  const endpoint = { endpoint: '/rest/api/3/myself' };
  const method = { method: 'POST' };
  const issue = { issue: 'ACME-2' };
  const read = { issue: undefined, method: 'GET' };
  test.each<[string | undefined, object[], object[]]>([
    ['jira-quota-global-based', [tenant, endpoint, method, issue, read], [app]],
    ['jira-quota-tenant-based', [endpoint, method, issue, read], [app, tenant]],
    ['jira-burst-based', [app, issue], [tenant, endpoint, method]],
    ['jira-per-issue-on-write', [app, endpoint, method], [tenant, issue, read]],
    ['jira-cost-based', [issue], [app, tenant, endpoint, method]],
    [undefined, [issue], [app, tenant, endpoint, method]],
  ])('with the reason %s closes its own scope', (reason, closed, open) => {
    expect(closed.map((changes) => closes(reason, changes))).toEqual(closed.map(() => true));
    expect(open.map((changes) => closes(reason, changes))).toEqual(open.map(() => false));
    expect(closes(reason, { sessionId: 'other', origin: 'https://b.example' })).toBe(true);
  });
  test('of an issue, in the response to a call without one, closes the endpoint', () => {
    expect(limitedScope(changed(read), 'jira-per-issue-on-write').kind).toBe('endpoint');
  });
  test('of any other system closes one session at one tenant, whatever the reason', () => {
    const other = changed({ system: 'other' });
    expect(closes('jira-quota-global-based', endpoint, other)).toBe(true);
    expect(closes(undefined, { sessionId: 'other' }, other)).toBe(false);
    expect(closes(undefined, tenant, other)).toBe(false);
  });
});
