import { expect, test } from 'vitest';
import type { CallPlan } from '../call/call-plan.ts';
import type { ClientConfiguration } from '../client/client-configuration.ts';
import type { Origin } from '../values/origin.ts';
import { endpointOf, limitedCall } from './limited-call.ts';

test.each([
  ['/rest/api/3/myself', '/rest/api/*/myself'],
  ['/rest/api/2/myself', '/rest/api/*/myself'],
  ['/rest/api/latest/myself', '/rest/api/*/myself'],
  ['/rest/api/3/issue/ACME-12/comment/10001', '/rest/api/*/issue/*/comment/*'],
  ['/rest/api/3/issue/10001', '/rest/api/*/issue/*'],
  ['/rest/api/3/project/ACME/version', '/rest/api/*/project/*/version'],
  ['/rest/api/3/user/5b10ac8d82e05b22cc7d4ef5', '/rest/api/*/user/*'],
  ['/rest/agile/1.0/board/7/sprint', '/rest/agile/*/board/*/sprint'],
  ['/rest/servicedeskapi/request/ACME-1/comment', '/rest/servicedeskapi/request/*/comment'],
  ['/wiki/api/v2/pages/123', '/wiki/api/v2/pages/*'],
  ['/rest/api/3/x/6f1e0c1e-0b0a-4c49-9f0e-aaaaaaaaaaaa', '/rest/api/*/x/*'],
  [`/rest/api/3/user/a/${'y'.repeat(33)}`, '/rest/api/*/user/*/*'],
  // What a page writes in place of an id makes no endpoint of its own.
  ['/rest/api/3/issue/random', '/rest/api/*/issue/*'],
  ['/rest/servicedeskapi/request/random', '/rest/servicedeskapi/request/*'],
  ['/rest/api/3/issue/ACME-12/properties/random', '/rest/api/*/issue/*/properties/*'],
  ['/rest/api/3/user/properties/random', '/rest/api/*/user/*/*'],
  // One endpoint in every notation that a server reads as the same.
  ['/rest/api/3/%6dyself', '/rest/api/*/myself'],
  ['/rest/api/3/myself/', '/rest/api/*/myself'],
  ['/rest/api/3/myself;a=1;b', '/rest/api/*/myself'],
  ['/rest//api/3/myself', '/rest/api/*/myself'],
  ['/rest/api/3/issue/%41CME-12%20', '/rest/api/*/issue/*'],
  ['/rest/api/3/%', '/rest/api/*/%'],
])('the endpoint of %s is %s', (path, endpoint) => {
  expect(endpointOf(path)).toBe(endpoint);
});

const cloud = {
  type: 'atlassian-cloud',
  clientId: 'id',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
} as ClientConfiguration;
const plan = (changes: object = {}): CallPlan =>
  ({
    site: {
      sessionId: 's',
      cloudId: 'c',
      product: 'jira',
      url: 'https://acme.atlassian.net',
      gateway: 'https://api.atlassian.com',
    },
    method: 'PUT',
    path: { pathname: '/rest/api/3/issue/acme-1', search: '' },
    headers: [],
    isReading: false,
    ...changes,
  }) as unknown as CallPlan;
const origin = 'https://a.example' as Origin;

test('two configurations with one client id at one gateway are one app', () => {
  const [one, other] = [cloud, { ...cloud, id: 'other' } as ClientConfiguration].map((client) =>
    limitedCall(origin, plan(), client),
  );
  expect(one?.app).toBe(other?.app);
  const gov = limitedCall(origin, plan(), { ...cloud, type: 'atlassian-gov-cloud' });
  expect(gov.app).not.toBe(one?.app);
});

test('only an app of the commercial cloud has points by default', () => {
  const quotaOf = (changes: Partial<ClientConfiguration>): number | undefined =>
    limitedCall(origin, plan(), { ...cloud, ...changes }).assumedQuota;
  expect(quotaOf({})).toBe(65_000);
  expect(quotaOf({ type: 'atlassian-gov-cloud' })).toBeUndefined();
  expect(quotaOf({ apiBase: 'https://api.isolated.example' })).toBeUndefined();
  expect(quotaOf({ type: 'generic', apiBase: 'https://api.example' })).toBeUndefined();
});

test('a write to an issue names it, whatever case it is written in; a read names none', () => {
  expect(limitedCall(origin, plan(), cloud)).toMatchObject({
    tenant: 'api.atlassian.com/c',
    issue: 'ACME-1',
    system: 'jira-cloud',
    isFile: false,
  });
  const written = { path: { pathname: '/rest/api/3//issue/%61cme-1;x/comment', search: '' } };
  expect(limitedCall(origin, plan(written), cloud).issue).toBe('ACME-1');
  expect(limitedCall(origin, plan({ method: 'GET', isReading: true }), cloud).issue).toBe(
    undefined,
  );
  const bulk = { path: { pathname: '/rest/api/3/issue/bulk', search: '' } };
  expect(limitedCall(origin, plan(bulk), cloud).issue).toBeUndefined();
});

test('a HEAD is counted with the GETs', () => {
  expect(limitedCall(origin, plan({ method: 'HEAD', isReading: true }), cloud).method).toBe('GET');
});

test('what another gateway calls by the same cloud id is another tenant', () => {
  const site = { ...plan().site, gateway: 'https://api.other.example' };
  expect(limitedCall(origin, plan({ site }), cloud).tenant).toBe('api.other.example/c');
});

test.each([
  '/rest/api/3/attachment/content/10001',
  '/rest/api/3/attachment/c%6fntent/10001/',
  '/rest/api/2/attachment/thumbnail/10001',
])('%s has the bytes of a file, which list no objects', (pathname) => {
  const read = plan({ path: { pathname, search: '?redirect=false' }, isReading: true });
  expect(limitedCall(origin, read, cloud).isFile).toBe(true);
});

test('where there is no gateway, the tenant is the base URL', () => {
  const site = { sessionId: 's', cloudId: 'c', product: 'jira', url: 'https://jira.example/base' };
  const client = { ...cloud, type: 'data-center' } as ClientConfiguration;
  expect(limitedCall(origin, plan({ site }), client)).toMatchObject({
    tenant: 'https://jira.example/base',
    app: 'id auth.atlassian.com',
    issue: undefined,
    system: 'other',
  });
});
