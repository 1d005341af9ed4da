import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import type { SessionId } from '../session/session.ts';
import type { CloudId, Product } from '../session/site.ts';
import type { ReachableSite } from '../address/reachable-site.ts';
import { endOfDownload, isDownload, planCall } from './call-plan.ts';
import { isDownloadPath, mediaOriginOf } from './download-paths.ts';
import { httpMethods } from './http-method.ts';

const gateway = 'https://api.atlassian.com';
const site = (product: Product, url: string, more: Partial<ReachableSite> = {}): ReachableSite => ({
  cloudId: 'cloud-acme' as CloudId,
  product,
  url,
  name: 'a site',
  sessionId: 'session-1' as SessionId,
  ...more,
});
const sites = {
  'jira cloud': site('jira', 'https://acme.atlassian.net', { gateway }),
  'confluence cloud': site('confluence', 'https://acme.atlassian.net', { gateway }),
  jira: site('jira', 'https://dc.example.test/jira'),
  confluence: site('confluence', 'https://dc.example.test/a/wiki'),
  bitbucket: site('bitbucket', 'https://git.example.test'),
  bamboo: site('bamboo', 'https://ci.example.test:8443/bamboo'),
  generic: site('generic', 'https://notes.example.test/api'),
} as const;
type SiteName = keyof typeof sites;

const plannedAt = (to: ReachableSite, input: string, method = 'GET') => {
  const planned = planCall(
    { method, input, headers: [] },
    { sites: [to], access: 'write', chosen: {} },
  );
  if (!('plan' in planned)) throw new Error('a choice');
  return planned.plan;
};

const files: readonly (readonly [SiteName, string])[] = [
  ['jira cloud', '/rest/api/3/attachment/content/10001'],
  ['jira cloud', '/rest/api/latest/attachment/thumbnail/10001'],
  ['jira cloud', '/rest/servicedeskapi/request/IT-1/attachment/10001'],
  ['jira cloud', '/rest/servicedeskapi/request/IT-1/attachment/10001/thumbnail'],
  ['confluence cloud', '/wiki/rest/api/content/9/child/attachment/att10/download'],
  ['confluence cloud', '/wiki/api/v2/attachments/att10/thumbnail/download'],
  ['confluence cloud', '/wiki/download/attachments/9/Spec%20%23a.pdf'],
  ['confluence cloud', '/wiki/download/thumbnails/9/%E8%B3%87%E6%96%99%EF%BC%83.png'],
  ['jira', '/secure/attachment/10001/cpu%25%20a;b.log'],
  ['jira', '/secure/thumbnail/10001/_thumb_10001.png'],
  ['confluence', '/download/attachments/9/Spec%20%23a.pdf'],
  ['confluence', '/download/thumbnails/9/a.png'],
  ['bitbucket', '/projects/RKT/repos/guidance/raw/src/main.c'],
  ['bitbucket', '/projects/~ada/repos/guidance/raw/README'],
  ['bitbucket', '/users/ada/repos/guidance/raw/a%20b/c%3F.txt'],
  ['bitbucket', '/rest/api/latest/projects/RKT/repos/guidance/raw/src/main.c'],
  ['bitbucket', '/rest/api/1.0/projects/RKT/repos/guidance/archive'],
  ['bitbucket', '/rest/api/1.0/projects/RKT/repos/guidance/attachments/7'],
  ['bamboo', '/browse/RKT-BUILD-7/artifact/shared/Report/index.html'],
  ['bamboo', '/browse/RKT-BUILD-JOB1-7/artifact/JOB1/Logs/a/b.log'],
  ['bamboo', '/browse/RKT-BUILD/latestSuccessful/artifact/shared/Report/index.html'],
];

const others: readonly (readonly [SiteName, string])[] = [
  ['jira cloud', '/secure/attachment/10001/a.txt'],
  ['jira cloud', '/download/attachments/9/a.txt'],
  ['jira cloud', '/rest/api/3/attachment/10001'],
  ['jira cloud', '/rest/api/3/attachment/content/10001/x'],
  ['jira cloud', '/rest/api/3/attachment/content/'],
  ['confluence cloud', '/wiki/download/export/a.pdf'],
  ['confluence cloud', '/wiki/download/attachments/embedded-page/ENG/Title/a.pdf'],
  ['confluence cloud', '/wiki/aa-avatar/ada'],
  ['confluence cloud', '/wiki/download/attachments/9'],
  ['jira', '/secure/attachment/10001'],
  ['jira', '/secure/attachment/10001/a/b.txt'],
  ['jira', '/secure/attachment/x/a.txt'],
  ['jira', '/secure/attachmentzip/10001.zip'],
  ['jira', '/secure/useravatar/1/x'],
  ['jira', '/secure/Dashboard.jspa'],
  ['jira', '/Secure/Attachment/10001/a.txt'],
  ['jira', '/secure/att%61chment/10001/a.txt'],
  ['jira', '/secure/attachment;x/10001/a.txt'],
  ['jira', '/secure/attachment/10001/;a.txt'],
  ['jira', '/x/secure/attachment/10001/a.txt'],
  ['jira', '/download/attachments/9/a.txt'],
  ['confluence', '/secure/attachment/10001/a.txt'],
  ['confluence', '/download/temp/a.txt'],
  ['confluence', '/wiki/download/attachments/9/a.txt'],
  ['bitbucket', '/projects/RKT/repos/guidance/browse/src'],
  ['bitbucket', '/projects/RKT/repos/guidance/raw'],
  ['bitbucket', '/scm/rkt/guidance.git'],
  ['bamboo', '/browse/RKT-BUILD-7'],
  ['bamboo', '/browse/RKT-BUILD-7/artifact/shared'],
  ['bamboo', '/browse/RKT-BUILD/artifact/shared/Report/a.html'],
  ['generic', '/secure/attachment/10001/a.txt'],
];

describe('a download', () => {
  test.each(files)('of %s: %s', (name, path) => {
    const to = sites[name];
    expect(isDownload(plannedAt(to, `${path}?version=2`))).toBe(true);
    expect(isDownload(plannedAt(to, `${to.url}${path}`, 'head'))).toBe(true);
  });

  test.each(others)('is no other path of %s: %s', (name, path) => {
    expect(isDownloadPath(sites[name], path)).toBe(false);
  });
});

describe('outside the REST API of a product', () => {
  const outside = files.filter(([, path]) => !/^\/(?:rest|wiki)\//u.test(path));
  const reading = ['GET', 'HEAD'];

  test.each(outside)('%s: %s may only be read', (name, path) => {
    for (const method of httpMethods.filter((known) => !reading.includes(known)))
      expect(faultOf(() => plannedAt(sites[name], path, method))).toMatchObject({
        code: 'invalid_request',
        subject: 'path',
      });
  });

  const refused = others.filter(
    ([name, path]) => !/^\/(?:rest|wiki)\//u.test(path) && name !== 'generic',
  );
  test.each(refused)('%s: no page may call %s', (name, path) => {
    for (const method of httpMethods)
      expect(faultOf(() => plannedAt(sites[name], path, method)).code).toBe('invalid_request');
  });

  test.each([
    '/secure/attachment/1/../../admin/a',
    '/secure/attachment/1/..%2f..%2fadmin',
    '/secure/attachment/1/%2e%2e',
    '/secure/attachment/1/..;x',
    '/secure/attachment/1/%252e%252e',
    '/secure/attachment/1/a%2Fb.txt',
    '/secure/attachment/1/a%5Cb.txt',
    '/secure/attachment/1/a%00.txt',
    '/secure/attachment//a.txt',
    '/secure/attachment/1/a.txt#x',
    '/secure/attachment/1/a.txt?os_username=ada',
  ])('%s is refused as in any path', (input) => {
    expect(faultOf(() => plannedAt(sites.jira, input)).code).toBe('invalid_request');
  });
});

describe('the final address', () => {
  const endOf = (name: SiteName, path: string, address: string): string =>
    endOfDownload(plannedAt(sites[name], path), new URL(address), undefined);
  const content = '/rest/api/3/attachment/content/10001';
  const secure = '/secure/attachment/10001/a.txt';
  const acme = `${gateway}/ex/jira/cloud-acme`;
  const media = 'https://api.media.atlassian.com';
  const raw = '/projects/RKT/repos/guidance/raw/a';

  test.each([
    ['jira cloud', content, `${acme}${content}`, 'site-file'],
    ['jira cloud', content, `${media}/file/1/binary?token=x`, 'media-file'],
    ['jira cloud', content, 'http://api.media.atlassian.com/file/1/binary', 'other-host'],
    ['jira cloud', content, 'https://api.media.atlassian.com:8443/file', 'other-host'],
    ['jira cloud', content, 'https://api.media.atlassian.com.evil.example/file', 'other-host'],
    ['jira cloud', content, 'https://acme.atlassian.net/login', 'other-host'],
    ['jira cloud', content, `${gateway}/me`, 'other-path'],
    ['jira cloud', content, `${gateway}/ex/jira/cloud-globex${content}`, 'other-path'],
    ['jira cloud', content, `${acme}/rest/api/3/myself`, 'other-path'],
    ['jira', secure, `https://dc.example.test/jira${secure}`, 'site-file'],
    ['jira', secure, 'https://dc.example.test/jira/secure/thumbnail/1/b.png?x=y', 'site-file'],
    ['jira', secure, 'https://dc.example.test/jira/login.jsp?os_destination=%2F', 'other-path'],
    ['jira', secure, 'https://dc.example.test/sso/login', 'other-path'],
    ['jira', secure, `https://dc.example.test/other${secure}`, 'other-path'],
    ['jira', secure, `https://dc.example.test/blog${secure}`, 'other-path'],
    ['jira', secure, `https://dc.example.test${secure}`, 'other-path'],
    ['jira', secure, 'https://dc.example.test/jira/download/attachments/9/a.txt', 'other-path'],
    ['jira', secure, `http://dc.example.test/jira${secure}`, 'other-host'],
    ['jira', secure, `${media}/file/1/binary?token=x`, 'other-host'],
    ['jira', secure, 'https://idp.example.test/sso', 'other-host'],
    ['bitbucket', raw, `https://git.example.test${raw}?at=main`, 'site-file'],
    ['bitbucket', raw, 'https://git.example.test/login?next=/x', 'other-path'],
  ] as const)('%s, %s: %s is %s', (name, path, address, end) => {
    expect(endOf(name, path, address)).toBe(end);
  });

  test.each([
    [`${acme}${content}`, 'site-file'],
    [`${acme}/rest/api/3/attachment/content/10002`, 'path-not-granted'],
    [`${acme}/rest/api/2/attachment/content/10001`, 'path-not-granted'],
    [`${acme}/rest/api/3/attachment/content/10001;x`, 'path-not-granted'],
    [`${acme}/rest/api/3/attachment/content/10001%253Bx`, 'path-not-granted'],
    [`${media}/file/1/binary?token=x`, 'media-file'],
    [`${acme}/rest/api/3/myself`, 'other-path'],
  ])('with a connection of one file: %s is %s', (address, end) => {
    const plan = plannedAt(sites['jira cloud'], content);
    expect(endOfDownload(plan, new URL(address), [content])).toBe(end);
  });
});

test('the media service of other clouds than the commercial one is not known', () => {
  const [jira] = [sites['jira cloud']];
  expect(mediaOriginOf(jira)).toBe('https://api.media.atlassian.com');
  expect(mediaOriginOf({ ...jira, gateway: 'https://api.atlassian-us-gov-mod.com' })).toBe(
    undefined,
  );
  expect(mediaOriginOf(sites.jira)).toBe(undefined);
});
