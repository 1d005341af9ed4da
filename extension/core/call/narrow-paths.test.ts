/** Connections to some paths only, against servers that read a path in every way that they could. */
import { expect, test } from 'vitest';
import { chanceOf, onlyCase, seedCount, type Chance } from '../../../test/support/chance.ts';
import { faultOf } from '../../../test/support/faults.ts';
import type { ReachableSite } from '../address/reachable-site.ts';
import { BrokerError } from '../values/fault.ts';
import { isReadable, planCall, requirePermitted, type CallPermissions } from './call-plan.ts';

const cloud = (product: 'jira' | 'confluence'): ReachableSite => ({
  sessionId: 'session-1' as never,
  cloudId: 'cloud-acme' as never,
  product,
  url: 'https://acme.atlassian.net',
  name: 'acme',
  gateway: 'https://api.atlassian.com',
});
const own = (product: 'jira' | 'bitbucket' | 'generic', url: string): ReachableSite => ({
  sessionId: 'session-1' as never,
  cloudId: `digest-${product}` as never,
  product,
  url,
  name: product,
});
const bases = new Map([
  [cloud('jira'), 'https://api.atlassian.com/ex/jira/cloud-acme'],
  [cloud('confluence'), 'https://api.atlassian.com/ex/confluence/cloud-acme'],
  [own('jira', 'https://dc.example.test/jira'), 'https://dc.example.test/jira'],
  [own('bitbucket', 'https://git.example.test'), 'https://git.example.test'],
  [own('generic', 'https://dc.example.test/rest'), 'https://dc.example.test/rest'],
]);
const sites = [...bases.keys()];
const grants: readonly (readonly string[])[] = [
  ['/rest/api/3/issue/', '/wiki/api/v2/pages'],
  ['/rest/api/3/issue', '/rest/api/2/issue/', '/wiki/api/v2/pages/'],
  ['/rest/api/3/issue/ROC-1', '/rest/api/3/myself', '/secure/attachment/1/'],
  ['/rest/api/3', '/api/3/', '/projects/RKT/repos/guidance/raw/'],
];
const permissionsOf = (paths: readonly string[]): CallPermissions => ({
  sites,
  access: 'write',
  chosen: {},
  paths,
});

/**
 * All paths below the site that a server may see in place of the one that is sent, as lists of segments. It shares no code with the
 * product: it decodes up to six times, converts full-width characters, ends the path at what it decoded to `?` or `#`, removes
 * path parameters before or after it decodes, resolves dot segments, and drops empty segments and the ending `.json` or `.xml`
 * of a segment that has nothing else.
 */
function readings(sent: string): string[][] {
  const seen = new Set<string>();
  let texts = [sent];
  for (let round = 0; round < 6; round += 1) {
    const wide = texts.flatMap((text) => [text, text.normalize('NFKC')]);
    for (const text of wide)
      for (const cut of [text, text.replace(/[?#\u0000].*$/su, '')])
        for (const bare of [cut, cut.replaceAll(/;[^/]*/gu, '')]) seen.add(bare);
    const next = wide.map(decoded);
    if (next.every((text) => texts.includes(text))) break;
    texts = [...new Set(next)];
  }
  return [...seen].map(segmentsOf);
}

function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/giu, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function segmentsOf(path: string): string[] {
  const out: string[] = [];
  for (const raw of path.replaceAll('\\', '/').split('/')) {
    const segment = raw.replaceAll(/[\u0000-\u001F\u200B]/gu, '').trim();
    const name = segment.replace(/;.*$/su, '');
    if (name === '..') out.pop();
    else if (segment !== '' && name !== '.' && !/^\.(?:json|xml)$/u.test(segment))
      out.push(segment);
  }
  return out;
}

/** Whether a server that reads these segments stays within one of the prefixes. */
function isInside(segments: readonly string[], paths: readonly string[]): boolean {
  return paths.some((prefix) => {
    const wanted = prefix.split('/').filter(Boolean);
    const isBelow = wanted.every((segment, at) => segments[at] === segment);
    return isBelow && (!prefix.endsWith('/') || segments.length > wanted.length);
  });
}

const starts = [
  ...['/rest/api/3/issue', '/rest/api/3/issue/', '/rest/api/3/issue/ROC-1', '/rest/api/3/myself'],
  ...['/rest/api/latest/issue/', '/rest/api/2/issue/', '/rest/api/3', '/api/3/issue', '/rest/'],
  ...['/wiki/api/v2/pages', '/wiki/api/v2/pages/', '/wiki/rest/api/content/', '/jira/rest/api/3/'],
  ...['/secure/attachment/1/', '/projects/RKT/repos/guidance/raw/', '/REST/api/3/issue/', '/'],
] as [string, ...string[]];
const pieces = [
  ...['..', '.', '..;', '..;x=1', ';', ';x', ';/..', '%3B', '%3Bx', '%2e%2e', '%2E.', '%252e%252e'],
  ...[
    '%25252e',
    '..%2f',
    '%2f',
    '%252f',
    '%5c',
    '\\',
    '//',
    '/',
    '/./',
    '/../',
    '/..;/',
    '%00',
    '%0a',
  ],
  ...[
    '.json',
    '.xml',
    '/.json',
    '/.xml',
    '%3F',
    '%253F',
    '?',
    '#',
    '%23',
    '\uFF0E\uFF0E',
    '\uFF0F',
  ],
  ...[
    '\uFF1B',
    '\uFF1F',
    '%EF%BC%8E',
    '%EF%BC%9B',
    '%E2%80%8B',
    '%20',
    ' ',
    '%09',
    '%c0%ae',
    '%u002e',
  ],
  ...['ROC-1', 'type', 's', '3', 'issue', 'latest', 'search', 'x', '&', ',', '%69ssue', 'Issue'],
] as [string, ...string[]];
const hosts = [
  ...['', '', '', 'https://acme.atlassian.net', 'https://dc.example.test/jira'],
  ...['https://dc.example.test/rest', 'https://git.example.test', 'https://dc.example.test'],
  ...[
    'https://api.atlassian.com/ex/jira/cloud-acme',
    'https://API.atlassian.com/ex/confluence/cloud-acme',
  ],
] as [string, ...string[]];
const ids = [
  ...[undefined, undefined, 'jira:cloud-acme', 'confluence:cloud-acme', 'jira:digest-jira'],
  ...['bitbucket:digest-bitbucket', 'generic:digest-generic', 'https://acme.atlassian.net'],
] as [string | undefined, ...(string | undefined)[]];
const methods = ['GET', 'GET', 'POST', 'DELETE'] as [string, ...string[]];

function inputOf(chance: Chance): string {
  let input = chance.pick(hosts) + chance.pick(starts);
  for (let left = chance.below(4); left > 0; left -= 1) {
    if (chance.comes(0.4) && !input.endsWith('/')) input += '/';
    input += chance.pick(pieces);
  }
  return input;
}

/** Plans calls; returns how many are allowed. */
function judgeCalls(seed: string, count: number): number {
  const chance = chanceOf(seed);
  const permitted = grants.map(permissionsOf);
  // Most calls are refused, and a stack for each would take longer than all else.
  Error.stackTraceLimit = 0;
  let allowed = 0;
  for (let at = 0; at < count; at += 1) {
    const permissions = permitted[chance.below(permitted.length)]!;
    const input = inputOf(chance);
    const call = { method: chance.pick(methods), input, site: chance.pick(ids), headers: [] };
    let target: string;
    try {
      const planned = planCall(call, permissions);
      if ('choose' in planned) continue;
      target = planned.plan.target.href;
      const base = bases.get(planned.plan.site) ?? 'none';
      if (!target.startsWith(`${base}/`)) throw new Error(`outside its site: ${target}`);
      target = target.slice(base.length).replace(/\?.*$/u, '');
    } catch (thrown) {
      if (thrown instanceof BrokerError) continue;
      throw thrown;
    }
    allowed += 1;
    const outside = readings(target).find((one) => !isInside(one, permissions.paths ?? []));
    if (outside !== undefined)
      throw new Error(`THREELO_SEED=${seed}: ${input} may be read as /${outside.join('/')}`);
  }
  return allowed;
}

test.each([
  ['/rest/api/3/issue/;x', '/rest/api/3/issue'],
  ['/rest/api/3/issue/%253Bx', '/rest/api/3/issue'],
  ['/rest/api/3/issue/.json', '/rest/api/3/issue'],
  ['/rest/api/3/issue/x/..;/../search', '/rest/api/3/search'],
  ['/rest/api/3/issue/%252e%252e/search', '/rest/api/3/search'],
  ['/rest/api/3/issue/%25EF%25BC%258E%25EF%25BC%258E/search', '/rest/api/3/search'],
])('the servers of this test may read %s as %s', (sent, expected) => {
  expect(readings(sent).map((segments) => `/${segments.join('/')}`)).toContain(expected);
});

/** Ten of them are a million calls: `THREELO_SEEDS=10`. */
const callsOfSeed = 100_000;
const seeds =
  onlyCase === undefined
    ? Array.from({ length: seedCount(1) }, (_, at) => `paths-${String(at)}`)
    : [onlyCase];

test.each(seeds)(
  'of many calls with a narrow connection none is at another path: %s',
  { timeout: 120_000 },
  (seed) => {
    expect(judgeCalls(seed, callsOfSeed)).toBeGreaterThan(2500);
  },
);

const issues = permissionsOf(['/rest/api/3/issue/']);
const planned = (input: string, permissions = issues) => {
  const result = planCall(
    { method: 'GET', input, headers: [] },
    { ...permissions, sites: sites.slice(0, 2) },
  );
  if ('choose' in result) throw new Error('a choice');
  return result.plan;
};

test.each([
  '/rest/api/3/issue',
  '/rest/api/3/issue/',
  '/rest/api/3/issue/;x',
  '/rest/api/3/issue/%3Fx',
  '/rest/api/3/issue/.json',
  '/rest/api/3/issue/%E2%80%8B',
  '/rest/api/3/issuetype/1',
  '/rest/api/latest/issue/ROC-1',
  '/rest/api/3/Issue/ROC-1',
  '/rest/api/3/%69ssue/ROC-1',
  '/rest/api/3/issue;v=1/ROC-1',
  '/wiki/rest/api/3/issue/ROC-1',
  'https://api.atlassian.com/ex/jira/cloud-acme/rest/api/3/search/jql',
])('%s is another path than those below /rest/api/3/issue/', (input) => {
  expect(faultOf(() => planned(input))).toMatchObject({
    code: 'not_allowed',
    subject: 'paths',
    message: expect.stringContaining('requestAccess({ paths: [...] })') as string,
  });
});

test.each([
  '/rest/api/3/issue/ROC-1',
  '/rest/api/3/issue/ROC-1/',
  '/rest/api/3/issue/ROC-1/comment?maxResults=1',
  '/rest/api/3/issue/a%3Bb',
  'https://acme.atlassian.net/rest/api/3/issue/ROC-1',
])('%s is below /rest/api/3/issue/', (input) => {
  expect(planned(input).path.pathname).toContain('/rest/api/3/issue/');
});

test('a call of a product that fits several sites is refused without a question', () => {
  const call = { method: 'GET', input: '/rest/api/3/search', headers: [] };
  expect(faultOf(() => planCall(call, issues)).subject).toBe('paths');
});

test('a planned call is not permitted any more when the paths were narrowed', () => {
  const plan = planned('/rest/api/3/issue/ROC-1');
  const narrowed = (paths: readonly string[]) => () => {
    requirePermitted(plan, { ...issues, paths });
  };
  expect(narrowed(['/rest/api/3/issue/ROC-1'])).not.toThrow();
  expect(faultOf(narrowed(['/rest/api/3/myself']))).toMatchObject({ subject: 'paths' });
});

test('a path that a response names is one that the connection could call', () => {
  const plan = planned('/rest/api/3/issue/ROC-1');
  const seen = (pathname: string) => isReadable(pathname, plan, issues.paths);
  expect(seen('/rest/api/3/issue/10002')).toBe(true);
  expect(seen('/rest/api/3/task/1')).toBe(false);
  expect(seen('/rest/api/3/issue/..;/x')).toBe(false);
  expect(isReadable('/rest/api/3/task/1', plan, undefined)).toBe(true);
});
