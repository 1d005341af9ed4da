import { describe, expect, test } from 'vitest';
import { readBaseUrl } from './base-url.ts';

describe('a base URL', () => {
  test.each<[string, string, readonly string[]]>([
    ['https://jira.example.com', 'https://jira.example.com', []],
    ['https://jira.example.com/', 'https://jira.example.com', ['slash_removed']],
    ['https://example.com/jira', 'https://example.com/jira', []],
    ['  HTTPS://Example.com:443/Jira//\n', 'https://example.com/Jira', ['slash_removed']],
    ['https://example.com:8443/a/b/', 'https://example.com:8443/a/b', ['slash_removed']],
    ['example.com/jira', 'https://example.com/jira', ['scheme_added']],
    ['//example.com/jira', 'https://example.com/jira', ['scheme_added']],
    ['localhost:8443/confluence', 'https://localhost:8443/confluence', ['scheme_added']],
    ['10.0.0.5/jira', 'https://10.0.0.5/jira', ['scheme_added']],
    ['https://example.com/jira/browse/ABC-1', 'https://example.com/jira', ['deep_link_cut']],
    [
      'https://example.com/jira/issues/?jql=project%20%3D%20A#top',
      'https://example.com/jira',
      ['deep_link_cut', 'query_removed', 'fragment_removed'],
    ],
    ['https://example.com/secure/Dashboard.jspa', 'https://example.com', ['deep_link_cut']],
    ['https://example.com/wiki/display/DOC/Home', 'https://example.com/wiki', ['deep_link_cut']],
    [
      'https://example.com/confluence/pages/viewpage.action?pageId=1',
      'https://example.com/confluence',
      ['deep_link_cut', 'query_removed'],
    ],
    ['https://example.com/wiki/index.action', 'https://example.com/wiki', ['deep_link_cut']],
    [
      'https://example.com/bitbucket/projects/A/repos/b',
      'https://example.com/bitbucket',
      ['deep_link_cut'],
    ],
    ['https://example.com/bamboo/allPlans.action', 'https://example.com/bamboo', ['deep_link_cut']],
    [
      'https://example.com/jira/rest/oauth2/latest/token',
      'https://example.com/jira',
      ['deep_link_cut'],
    ],
    ['https://example.com/jira?os=1', 'https://example.com/jira', ['query_removed']],
    ['https://example.com/jira#/', 'https://example.com/jira', ['fragment_removed']],
    ['https://notatlassian.net', 'https://notatlassian.net', []],
    ['https://[::1]:8443/jira', 'https://[::1]:8443/jira', []],
  ])('from %j is %s', (typed, baseUrl, repairs) => {
    const read = readBaseUrl(typed, { isHttpAllowed: false });
    expect('repairs' in read ? { ...read, repairs: [...read.repairs].sort() } : read).toEqual({
      baseUrl,
      repairs: [...repairs].sort(),
    });
  });
  test.each([
    ['', 'required'],
    [' \n', 'required'],
    ['http://jira.example.com', 'url_not_https'],
    ['ftp://jira.example.com', 'url_invalid'],
    ['javascript:alert(1)', 'url_invalid'],
    ['mailto:admin', 'url_invalid'],
    ['https://', 'url_invalid'],
    ['our jira', 'url_invalid'],
    ['https://example.com/our jira', 'url_invalid'],
    ['https://example.com./jira', 'url_invalid'],
    ['example.com.:8443/jira', 'url_invalid'],
    ['https://acme.atlassian.net.', 'url_invalid'],
    ['https://acme.atlassian.net\u3002/jira', 'url_invalid'],
    ['https://me@example.com/jira', 'url_with_credentials'],
    ['https://me:pw@example.com/jira', 'url_with_credentials'],
    ['https://acme.atlassian.net/wiki', 'url_of_cloud'],
    ['acme.atlassian-us-gov-mod.net', 'url_of_cloud'],
    ['https://api.atlassian.com/ex/jira/1', 'url_of_cloud'],
  ])('is not read from %j: %s', (typed, problem) => {
    expect(readBaseUrl(typed, { isHttpAllowed: false })).toEqual({ problem });
  });
  test('may be plain http when that is allowed; a missing scheme always becomes https', () => {
    const allowed = { isHttpAllowed: true };
    expect(readBaseUrl('http://jira.local:8080/jira/', allowed)).toEqual({
      baseUrl: 'http://jira.local:8080/jira',
      repairs: ['slash_removed'],
    });
    expect(readBaseUrl('jira.local', allowed)).toMatchObject({ baseUrl: 'https://jira.local' });
  });
});
