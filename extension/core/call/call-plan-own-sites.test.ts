/** Sites that are called at their own URL: Data Center products, and APIs of other providers. */
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import type { ReachableSite } from '../address/reachable-site.ts';
import type { SessionId } from '../session/session.ts';
import type { CloudId, Product } from '../session/site.ts';
import { planCall, siteUrl, targetUrl, type CallPermissions } from './call-plan.ts';

const own = (product: Product, url: string): ReachableSite => ({
  cloudId: `digest-${url.length}` as CloudId,
  product,
  url,
  name: new URL(url).host,
  sessionId: 'session-1' as SessionId,
});
const jira = own('jira', 'https://dc.example.test/jira');
const deepJira = own('jira', 'https://dc.example.test/jira/test');
const wiki = own('confluence', 'https://dc.example.test/confluence');
const bitbucket = own('bitbucket', 'https://git.example.test');
const intranet = own('jira', 'http://intranet.example.test:8080/jira');
const notes = own('generic', 'https://notes.example.test/api');
const cloud: ReachableSite = {
  ...own('jira', 'https://acme.atlassian.net'),
  gateway: 'https://api.atlassian.com',
};
const granted = (...sites: ReachableSite[]): CallPermissions => ({
  sites,
  access: 'read',
  chosen: {},
});
const planned = (input: string, permissions: CallPermissions, site?: string) => {
  const result = planCall({ method: 'GET', input, headers: [], site }, permissions);
  if (!('plan' in result)) throw new Error(`a choice of ${result.choose.scope.product}`);
  return result.plan;
};
const idOf = ({ product, cloudId }: ReachableSite): string => `${product}:${cloudId}`;

describe('a path', () => {
  test.each<[string, string, CallPermissions, ReachableSite, string]>([
    [
      ...(['/rest/api/2/myself', 'the one product', granted(jira)] as const),
      ...([jira, 'https://dc.example.test/jira/rest/api/2/myself'] as const),
    ],
    [
      ...(['/rest/api/content', 'Confluence, if there is no Jira', granted(wiki)] as const),
      ...([wiki, 'https://dc.example.test/confluence/rest/api/content'] as const),
    ],
    [
      ...(['/rest/api/2/search?jql=a b', 'Jira, if there is one', granted(wiki, jira)] as const),
      ...([jira, 'https://dc.example.test/jira/rest/api/2/search?jql=a%20b'] as const),
    ],
    [
      ...([
        '/rest/api/1.0/projects',
        'a product without context path',
        granted(bitbucket),
      ] as const),
      ...([bitbucket, 'https://git.example.test/rest/api/1.0/projects'] as const),
    ],
    [
      ...(['/rest/api/2/myself', 'a product at another port', granted(intranet)] as const),
      ...([intranet, 'http://intranet.example.test:8080/jira/rest/api/2/myself'] as const),
    ],
    [
      ...(['/notes?of=ada', 'any API, below its base', granted(notes)] as const),
      ...([notes, 'https://notes.example.test/api/notes?of=ada'] as const),
    ],
    [
      ...([
        '/rest/api/3/myself',
        'a cloud site before a site at its own URL',
        granted(cloud, wiki),
      ] as const),
      ...([cloud, `https://api.atlassian.com/ex/jira/${cloud.cloudId}/rest/api/3/myself`] as const),
    ],
  ])('%s goes to %s', (input, _, permissions, site, target) => {
    const plan = planned(input, permissions);
    expect([plan.site, targetUrl(plan).href]).toEqual([site, target]);
    if (site.gateway === undefined) expect(siteUrl(plan)).toBe(target);
  });
  test('goes to the site that the option `site` names', () => {
    expect(planned('/rest/api/content', granted(jira, wiki), idOf(wiki)).site).toBe(wiki);
  });
  test('needs a choice between two sites of one product', () => {
    const call = { method: 'GET', input: '/rest/api/2/myself', headers: [] };
    expect(planCall(call, granted(jira, deepJira))).toEqual({
      choose: { scope: { product: 'jira' }, candidates: [jira, deepJira] },
    });
  });
});

describe('an absolute URL', () => {
  test.each<[string, ReachableSite, string]>([
    ['https://dc.example.test/jira/rest/api/2/myself', jira, '/rest/api/2/myself'],
    ['https://dc.example.test/confluence/rest/api/content', wiki, '/rest/api/content'],
    ['https://DC.example.test:443/jira/rest/api/2/myself', jira, '/rest/api/2/myself'],
    ['https://dc.example.test/jira/test/rest/api/2/myself', deepJira, '/rest/api/2/myself'],
    ['https://git.example.test/rest/api/1.0/projects', bitbucket, '/rest/api/1.0/projects'],
    ['http://intranet.example.test:8080/jira/rest/api/2/x', intranet, '/rest/api/2/x'],
    ['https://notes.example.test/api/notes', notes, '/notes'],
  ])('%s', (input, site, pathname) => {
    const all = granted(jira, deepJira, wiki, bitbucket, intranet, notes, cloud);
    const plan = planned(input, all);
    expect([plan.site, plan.path.pathname]).toEqual([site, pathname]);
    expect(targetUrl(plan).href).toBe(new URL(input).href);
  });
  test.each([
    ['https://dc.example.test/jira2/rest/api/2/myself', 'a context path that begins like another'],
    ['https://dc.example.test/rest/api/2/myself', 'no context path'],
    ['https://dc.example.test:8443/jira/rest/api/2/myself', 'another port'],
    ['http://dc.example.test/jira/rest/api/2/myself', 'http for https'],
    ['https://intranet.example.test:8080/jira/rest/api/2/myself', 'https for http'],
    ['http://intranet.example.test/jira/rest/api/2/myself', 'http at another port'],
    ['https://dc.example.test.evil.test/jira/rest/api/2/myself', 'a host that begins like it'],
    ['https://dc.example.test/jira/../confluence/rest/api/content', 'another product by ..'],
    ['https://dc.example.test/jira/%2e%2e/rest/x', 'an encoded dot segment'],
    ['https://api.atlassian.com/ex/jira/digest-28/rest/api/2/myself', 'a gateway'],
    ['https://notes.example.test/apiary/notes', 'a base that begins like another'],
    ['https://notes.example.test/other', 'another path of the host'],
  ])('%s: %s', (input) => {
    const permissions = granted(jira, intranet, notes);
    expect(faultOf(() => planned(input, permissions)).code).toMatch(
      /^(not_allowed|invalid_request)$/u,
    );
  });
});

test.each([
  'https://dc.example.test./jira',
  'https://dc.example.test\u3002/jira',
  'https://acme.atlassian.net.',
])('a URL whose host ends with a dot is refused: %s', (base) => {
  const fault = faultOf(() => planned(`${base}/rest/api/2/myself`, granted(jira, cloud)));
  expect(fault).toMatchObject({ code: 'invalid_request', subject: 'url' });
});

describe('below a site', () => {
  test.each([
    '/secure/Dashboard.jspa',
    '/plugins/servlet/oauth2/consent',
    '/wiki/api/v2/spaces',
    '/',
  ])('of Data Center only REST is reached, not %s', (path) => {
    for (const input of [path, `${jira.url}${path}`])
      expect(faultOf(() => planned(input, granted(jira), idOf(jira))).code).toBe('invalid_request');
  });
  test.each(['/', '/notes', '/rest/x', '/wiki/x'])('of another provider %s is reached', (path) => {
    expect(planned(path, granted(notes), idOf(notes)).path.pathname).toBe(path);
  });
  test.each(['/../admin', '/%2e%2e/admin', '//evil.test', '/x/..;/y', '/x?_method=DELETE'])(
    'of another provider %s is refused',
    (path) => {
      expect(faultOf(() => planned(path, granted(notes), idOf(notes))).code).toBe(
        'invalid_request',
      );
    },
  );
  test('a write needs write access, and a search by POST of Data Center does not', () => {
    const call = (input: string, permissions: CallPermissions) =>
      planCall({ method: 'POST', input, headers: [] }, permissions);
    expect(faultOf(() => call('/rest/api/2/issue', granted(jira)))).toMatchObject({
      code: 'not_allowed',
      subject: 'POST',
    });
    expect(call('/rest/api/2/search', granted(jira))).toMatchObject({ plan: { isReading: true } });
    expect(faultOf(() => call('/rest/api/2/search', granted(notes))).code).toBe('not_allowed');
  });
});

describe('a path of a product that is granted in the cloud and in a data center', () => {
  const cloudWiki: ReachableSite = { ...cloud, product: 'confluence' };
  const rootWiki = own('confluence', 'https://wiki.example.test');
  const sites = [cloudWiki, rootWiki];
  const toChosen = (chosen: ReachableSite, input: string) =>
    planned(input, { ...granted(...sites), chosen: { confluence: chosen } });

  test('is judged by the site that is called', () => {
    expect(toChosen(cloudWiki, '/wiki/rest/api/content').site).toBe(cloudWiki);
    for (const path of ['/wiki/rest/api/content', '/wiki/admin/users.action'])
      expect(faultOf(() => toChosen(rootWiki, path))).toMatchObject({ subject: 'path' });
  });
  test('leads to a question if one of the sites has it', () => {
    expect(
      planCall({ method: 'GET', input: '/wiki/rest/api/content', headers: [] }, granted(...sites)),
    ).toEqual({ choose: { scope: { product: 'confluence' }, candidates: sites } });
  });
});

test('a path that looks like one of the gateway goes to the site that has it', () => {
  const { site, path } = planned('https://notes.example.test/api/ex/jira/1/x', granted(notes));
  expect([site, path.pathname]).toEqual([notes, '/ex/jira/1/x']);
  const atRoot = own('generic', 'https://crm.example.test');
  const plan = planned('https://crm.example.test/ex/jira/1/x', granted(atRoot, cloud));
  expect([plan.site, plan.path.pathname]).toEqual([atRoot, '/ex/jira/1/x']);
});

test('a URL means one product of two that are granted at the same address', () => {
  const asGeneric = own('generic', jira.url);
  expect(planned(`${jira.url}/rest/api/2/myself`, granted(jira, asGeneric)).site).toBe(jira);
});

test('no request is made for a path that was not validated', () => {
  const root = own('generic', 'https://crm.example.test');
  const refusedAt = (site: ReachableSite, pathname: string) =>
    faultOf(() => targetUrl({ site, path: { pathname, search: '' } }));
  const refused = { code: 'invalid_request', subject: 'path' };
  for (const site of [jira, root]) expect(refusedAt(site, '/rest/../admin')).toMatchObject(refused);
  for (const path of ['@evil.example.test/rest', '.evil.example.test/rest'])
    expect(refusedAt(root, path)).toMatchObject(refused);
});
