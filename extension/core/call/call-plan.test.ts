import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import type { ReachableSite } from '../address/reachable-site.ts';
import type { SessionId } from '../session/session.ts';
import type { CloudId, Product } from '../session/site.ts';
import {
  planCall,
  requirePermitted,
  siteUrl,
  type CallPermissions,
  type RequestedCall,
} from './call-plan.ts';

const site = (
  name: string,
  product: Product,
  url = `https://${name}.atlassian.net`,
): ReachableSite => ({
  cloudId: `cloud-${name}` as CloudId,
  product,
  url,
  name,
  sessionId: 'session-1' as SessionId,
  gateway: 'https://api.atlassian.com',
});
const acmeJira = site('acme', 'jira');
const acmeWiki = site('acme', 'confluence');
const globexJira = site('globex', 'jira');
const customJira = site('custom', 'jira', 'https://jira.custom.example');
const granted = (
  sites: readonly ReachableSite[],
  part: Partial<CallPermissions> = {},
): CallPermissions => ({
  sites,
  access: 'read',
  chosen: {},
  ...part,
});
const acme = granted([acmeJira, acmeWiki]);
const wanted = (input: string, part: Partial<RequestedCall> = {}): RequestedCall => ({
  method: 'GET',
  input,
  headers: [],
  ...part,
});
const planned = (input: string, permissions = acme, part: Partial<RequestedCall> = {}) => {
  const result = planCall(wanted(input, part), permissions);
  if (!('plan' in result)) throw new Error(`a choice of ${result.choose.scope.product}`);
  return result.plan;
};

describe('where a call goes', () => {
  test.each([
    ['/rest/api/3/myself', acmeJira, '/rest/api/3/myself'],
    ['/wiki/api/v2/spaces?limit=1', acmeWiki, '/wiki/api/v2/spaces'],
    ['https://acme.atlassian.net/rest/api/3/myself', acmeJira, '/rest/api/3/myself'],
    ['https://acme.atlassian.net/wiki/api/v2/spaces', acmeWiki, '/wiki/api/v2/spaces'],
    ['HTTPS://ACME.Atlassian.NET/rest/api/3/myself', acmeJira, '/rest/api/3/myself'],
    ['https://acme.atlassian.net:443/rest/api/3/myself', acmeJira, '/rest/api/3/myself'],
    [
      'https://api.atlassian.com/ex/jira/cloud-acme/rest/api/3/myself',
      acmeJira,
      '/rest/api/3/myself',
    ],
    [
      'https://API.atlassian.com/ex/confluence/cloud-acme/wiki/api/v2/spaces',
      acmeWiki,
      '/wiki/api/v2/spaces',
    ],
  ])('%s', (input, expected, pathname) => {
    expect(planned(input)).toMatchObject({ site: expected, path: { pathname } });
  });

  test('a custom domain is matched by the URL of the site', () => {
    const permissions = granted([acmeJira, customJira]);
    expect(planned('https://jira.custom.example/rest/api/3/myself', permissions).site).toBe(
      customJira,
    );
  });

  test('the response has the URL of the site, not of the gateway', () => {
    const plan = planned('https://api.atlassian.com/ex/jira/cloud-acme/rest/api/3/search?jql=a b');
    expect(siteUrl(plan)).toBe('https://acme.atlassian.net/rest/api/3/search?jql=a%20b');
  });
});

test.each([
  ['https://globex.atlassian.net/rest/api/3/myself', 'a site that was not granted'],
  ['https://evil.test/rest/api/3/myself', 'a foreign host'],
  ['https://acme.atlassian.net.evil.test/rest/api/3/myself', 'a host that begins like a site'],
  ['https://acme.atlassian.net:8443/rest/api/3/myself', 'another port'],
  [
    'https://api.atlassian.com/ex/jira/cloud-globex/rest/api/3/myself',
    'another site at the gateway',
  ],
  [
    'https://api.atlassian.com/ex/jira/..%2fcloud-acme/rest/api/3/myself',
    'a cloud id that is none',
  ],
  ['https://api.atlassian.com/oauth/token/accessible-resources', 'the gateway itself'],
  ['https://api.atlassian.com:443/ex/jira/cloud-acme/x/rest/api/3/x', 'the gateway with its port'],
  ['https://xn--cme-8cd.atlassian.net/rest/api/3/myself', 'a homograph'],
])('%s: %s', (input) => {
  const { code, subject } = faultOf(() => planCall(wanted(input), acme));
  expect([code, subject]).toContainEqual(expect.stringMatching(/^(not_allowed|path)$/u));
});

test.each([
  'https://ada@acme.atlassian.net/rest/api/3/myself',
  'https://ada:pw@acme.atlassian.net/rest/api/3/myself',
  'https://@acme.atlassian.net/rest/api/3/myself',
  'https://:@acme.atlassian.net/rest/api/3/myself',
  'https:acme.atlassian.net/rest/api/3/myself',
  'https:///acme.atlassian.net/rest/api/3/myself',
  'https:\\\\acme.atlassian.net/rest/api/3/myself',
  'https://acme.atlassian.net\\@evil.test/rest/api/3/myself',
  'http://acme.atlassian.net/rest/api/3/myself',
  'ftp://acme.atlassian.net/rest/api/3/myself',
  'javascript:alert(1)',
  ' https://acme.atlassian.net/rest/api/3/myself',
  'https://acme.atlassian.net/rest/api/3/myself ',
  'https://ac\tme.atlassian.net/rest/api/3/myself',
  '//acme.atlassian.net/rest/api/3/myself',
  'rest/api/3/myself',
  '',
  'https://acme.atlassian.net',
  'https://acme.atlassian.net?x=/rest/api/3/myself',
  'https://acme.atlassian.net/rest/../../x',
  'https://api.atlassian.com/ex/jira/cloud-acme/../cloud-globex/rest/api/3/myself',
  'https://api.atlassian.com/ex/jira/cloud-acme/%2e%2e/cloud-globex/rest/api/3/myself',
])('refuses what is not plainly an address: %j', (input) => {
  expect(faultOf(() => planCall(wanted(input), acme)).code).toBe('invalid_request');
});

describe('several sites of one product', () => {
  const two = granted([acmeJira, acmeWiki, globexJira]);

  test('a path needs a choice', () => {
    expect(planCall(wanted('/rest/api/3/myself'), two)).toEqual({
      choose: { scope: { product: 'jira' }, candidates: [acmeJira, globexJira] },
    });
  });
  test('the site that the person chose is used', () => {
    const chosen = { jira: globexJira };
    expect(planned('/rest/api/3/myself', { ...two, chosen }).site).toBe(globexJira);
  });
  test('a chosen site that is no longer granted has to be chosen again', () => {
    const chosen = { jira: site('gone', 'jira') };
    expect(planCall(wanted('/rest/api/3/myself'), { ...two, chosen })).toEqual({
      choose: { scope: { product: 'jira' }, candidates: [acmeJira, globexJira] },
    });
  });
  test('a path of a product with one site needs no choice', () => {
    expect(planned('/wiki/api/v2/spaces', two).site).toBe(acmeWiki);
  });
  test('an absolute URL needs no choice', () => {
    expect(planned('https://globex.atlassian.net/rest/api/3/myself', two).site).toBe(globexJira);
  });
  test('the option `site` names the site', () => {
    const plan = planned('/rest/api/3/myself', two, { site: 'jira:cloud-globex' });
    expect(plan.site).toBe(globexJira);
  });
  test('the option `site` takes precedence over the path', () => {
    const plan = planned('/rest/api/content', two, { site: 'confluence:cloud-acme' });
    expect(plan.site).toBe(acmeWiki);
  });
  test('the option `site` reaches nothing that was not granted', () => {
    const call = wanted('/rest/api/3/myself', { site: 'jira:cloud-other' });
    expect(faultOf(() => planCall(call, two))).toMatchObject({
      code: 'not_allowed',
      subject: 'site',
    });
  });
});

describe('a read connection', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post', 'Delete'])('refuses %s', (method) => {
    const call = wanted('/rest/api/3/issue', { method });
    expect(faultOf(() => planCall(call, acme))).toMatchObject({
      code: 'not_allowed',
      subject: method.toUpperCase(),
      message: expect.stringContaining('unless the person has denied it') as string,
    });
  });
  test.each(['get', 'HEAD', 'head'])('allows %s', (method) => {
    expect(planned('/rest/api/3/myself', acme, { method })).toMatchObject({ isReading: true });
  });
  test('allows a search by POST', () => {
    expect(planned('/rest/api/3/search/jql', acme, { method: 'POST' }).isReading).toBe(true);
  });
  test('with write access a write is planned, as a write', () => {
    const plan = planned('/rest/api/3/issue', { ...acme, access: 'write' }, { method: 'POST' });
    expect(plan).toMatchObject({ method: 'POST', isReading: false });
  });
});

test('without a granted site every call is refused', () => {
  expect(faultOf(() => planCall(wanted('/rest/api/3/myself'), granted([]))).code).toBe(
    'not_allowed',
  );
});

test('a header that is not allowed is refused by name', () => {
  const call = wanted('/rest/api/3/myself', { headers: [['Authorization', 'Basic YTpi']] });
  expect(faultOf(() => planCall(call, acme)).subject).toBe('header authorization');
});

describe('a planned call is', () => {
  const write = planned('/rest/api/3/issue', { ...acme, access: 'write' }, { method: 'POST' });
  const read = planned('/rest/api/3/myself');
  const renamed = { ...acmeJira, url: 'https://renamed.atlassian.net' };
  test.each<[string, CallPermissions]>([
    ['of a renamed site', granted([renamed])],
    ['when another site of the product is granted too', granted([globexJira, acmeJira])],
  ])('still permitted: %s', (_, permissions) => {
    expect(() => {
      requirePermitted(read, permissions);
    }).not.toThrow();
  });
  test.each<[string, CallPermissions]>([
    ['its site is not granted', granted([acmeWiki, globexJira])],
    ['another session', granted([{ ...acmeJira, sessionId: 'session-2' as SessionId }])],
    ['another gateway', granted([{ ...acmeJira, gateway: 'https://other.example' }])],
  ])('not permitted any more: %s', (_, permissions) => {
    expect(
      faultOf(() => {
        requirePermitted(read, permissions);
      }),
    ).toMatchObject({ code: 'not_allowed', subject: 'site' });
  });
  test('not permitted any more: a write, after the access was narrowed to reading', () => {
    const fault = faultOf(() => {
      requirePermitted(write, acme);
    });
    expect(fault).toMatchObject({ code: 'not_allowed', subject: 'POST' });
  });
});

test.each([
  ['blob:https://acme.atlassian.net/rest/api/3/myself'],
  ['//acme.atlassian.net/rest/api/3/myself'],
  ['https://[::1/rest/api/3/myself'],
  [String.raw`https://acme.atlassian.net\@evil.example/rest/api/3/myself`],
  ['https://ada@acme.atlassian.net/rest/api/3/myself'],
  ['http://acme.atlassian.net/rest/api/3/myself'],
])('%s is refused as a URL', (input) => {
  expect(faultOf(() => planned(input))).toMatchObject({ code: 'invalid_request', subject: 'url' });
});

test('the path of the gateway counts only at the beginning', () => {
  const input = 'https://api.atlassian.com/rest/ex/jira/cloud-acme/rest/api/3/myself';
  expect(faultOf(() => planned(input))).toMatchObject({ code: 'not_allowed', subject: 'site' });
});

test('a path of Jira does not go to Confluence in the cloud when Jira is not granted', () => {
  const fault = faultOf(() => planned('/rest/api/3/myself', granted([acmeWiki])));
  expect(fault).toMatchObject({ code: 'not_allowed', subject: 'site' });
});
