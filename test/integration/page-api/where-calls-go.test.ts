/** Where a call goes: the same over the double of `threelo/testing` and over the real background. */
import { beforeEach, describe, expect, test } from 'vitest';
import { behind, type SiteName } from '../page-subjects.ts';
import {
  acme,
  all,
  call,
  describeSubjects,
  globex,
  idOf,
  jiraOnly,
  myself,
  own,
  subject,
  type FetchArguments,
} from '../page-suite.ts';

describeSubjects(() => {
  test('the sites are those that were granted', async () => {
    await subject.grant({ ...all, access: 'write' });
    const sites = await subject.threelo.sites();
    const told = sites.map(({ id, account, avatarUrl: _, ...site }) => ({
      ...site,
      account: account.name,
      id: id
        .split(':')
        .slice(0, -1)
        .join(':')
        .replace(/[0-9a-f-]{16,}|dc-.*/u, 'id'),
      isOf: id.endsWith(`:${account.id}`),
    }));
    const site = (url: string, label: string, product = 'jira') => ({
      url,
      name: label,
      product,
      access: 'write',
      account: 'Ada Example',
      id: `${product}:id`,
      isOf: true,
    });
    expect(told).toEqual([
      site(acme, 'Acme'),
      site(acme, 'Acme', 'confluence'),
      site(globex, 'Globex'),
      site(own, 'dc.example.test/jira'),
    ]);
  });

  describe('a call goes', () => {
    const two: SiteName[] = ['acmeJira', 'acmeWiki'];
    const wiki = '/wiki/api/v2/pages?limit=1';
    const api = 'https://api.atlassian.com/ex';
    const cloudId = '/11223344-a1b2-4b33-8c44-def123456789';
    test.each<
      [string, SiteName[], FetchArguments | (() => Promise<FetchArguments>), string | undefined]
    >([
      ['a path to Jira', two, [myself], acme + myself],
      ['a path below /wiki/ to Confluence', two, [wiki], acme + wiki],
      ['a path of a Request', two, [new Request(`https://dashboard.example${wiki}`)], acme + wiki],
      [
        'a path to the Data Center product, without a Jira',
        ['ownJira', 'acmeWiki'],
        ['/rest/api/2/issue/1'],
        `${own}/rest/api/2/issue/1`,
      ],
      ['a path below /wiki/ to no Jira', jiraOnly.sites.slice(), [wiki], undefined],
      [
        'to the site that is named by its URL',
        [...two, 'globexJira'],
        [myself, { site: globex }],
        globex + myself,
      ],
      [
        'to the site that is named by its name',
        [...two, 'globexJira'],
        [myself, { site: 'Globex' }],
        globex + myself,
      ],
      [
        'to the site that is named by its id',
        [...two, 'globexJira'],
        async () => [myself, { site: await idOf(globex) }],
        globex + myself,
      ],
      [
        'to the site that is named by its id, whatever the path',
        [...two, 'globexJira'],
        async () => ['/wiki/x', { site: await idOf(globex) }],
        `${globex}/wiki/x`,
      ],
      [
        'to the account that is named',
        ['acmeJira', 'globexJira', 'globexJiraOfBo'],
        async () => [myself, { account: (await subject.threelo.sites())[2]!.account.id }],
        globex + myself,
      ],
      ['to no account that is not granted', two, [myself, { account: 'nobody' }], undefined],
      ['to no site that is not granted', two, [myself, { site: 'Globex' }], undefined],
      ['an absolute URL to its site', [...two, 'globexJira'], [globex + myself], globex + myself],
      ['an absolute URL below /wiki/ to Confluence', two, [new URL(acme + wiki)], acme + wiki],
      ['an absolute URL of a Request', two, [new Request(acme + myself)], acme + myself],
      ['an absolute URL of a site that is not granted nowhere', two, [globex + myself], undefined],
      [
        'an absolute URL that is not at the named site nowhere',
        [...two, 'globexJira'],
        [globex + myself, { site: acme }],
        undefined,
      ],
      [
        'a URL below the base URL of a Data Center product',
        ['acmeJira', 'ownJira'],
        [`${own}/rest/api/2/issue/1`],
        `${own}/rest/api/2/issue/1`,
      ],
      [
        'a URL beside that base URL nowhere',
        ['acmeJira', 'ownJira'],
        ['https://dc.example.test/wiki/rest/api/x'],
        undefined,
      ],
      [
        'a gateway URL to its site',
        two,
        async () => [gatewayUrl(await idOf(acme), myself)],
        acme + myself,
      ],
      [
        'a gateway URL of Confluence to Confluence',
        two,
        async () => [gatewayUrl(await idOf(acme, 'confluence'), wiki)],
        acme + wiki,
      ],
      ['a gateway URL of another site nowhere', two, [`${api}/jira${cloudId}${myself}`], undefined],
    ])('%s', async (_, sites, given, url) => {
      await subject.grant({ sites });
      const wanted = typeof given === 'function' ? await given() : given;
      const permitted = await subject.threelo.can(...wanted);
      const end = await call(...wanted);
      // What `can` said before.
      expect(permitted).toMatchObject(
        url === undefined
          ? { ok: false, code: end['code'], message: end['message'] }
          : { ok: true },
      );
      expect(end).toMatchObject(url === undefined ? { code: 'not_allowed' } : { status: 200, url });
      expect(behind.sent.map((one) => one.url)).toEqual(url === undefined ? [] : [url]);
    });
  });

  describe('a path that fits several sites', () => {
    beforeEach(() => subject.grant({ sites: ['acmeJira', 'globexJira'] }));

    test('goes to the one that the person chooses, who is asked once', async () => {
      const chosen = await idOf(globex);
      behind.decide = () => chosen;
      const ends = await Promise.all([call(myself), call(myself)]);
      expect([...ends, await call(myself)].map(({ url }) => url)).toEqual(
        Array(3).fill(globex + myself),
      );
      expect(behind.asked).toEqual([{ kind: 'site', sites: [acme, globex] }]);
    });

    test('is `site_required` when the person denies, and is not asked again', async () => {
      const refused = { code: 'site_required', candidates: 2 };
      expect([await call(myself), await call(myself)]).toMatchObject([refused, refused]);
      expect(behind.asked).toHaveLength(1);
      expect(behind.sent).toEqual([]);
    });
  });
});

function gatewayUrl(id: string, path: string): string {
  const [product = '', cloudId = ''] = id.split(':');
  return `https://api.atlassian.com/ex/${product}/${cloudId}${path}`;
}
