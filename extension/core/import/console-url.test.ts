import { describe, expect, test } from 'vitest';
import { readConsoleUrl } from './console-url.ts';

const shown =
  'https://auth.atlassian.com/authorize?audience=api.atlassian.com&client_id=Abc123&scope=read%3Ajira-work%20offline_access&redirect_uri=https%3A%2F%2Fx.chromiumapp.org%2Fcb&state=${YOUR_USER_BOUND_VALUE}&response_type=code&prompt=consent';
const content = {
  cloud: 'commercial',
  clientId: 'Abc123',
  scopes: ['read:jira-work', 'offline_access'],
  redirectUri: 'https://x.chromiumapp.org/cb',
  extra: [],
};
const government = shown
  .replace('auth.atlassian.com', 'auth.atlassian-us-gov-mod.com')
  .replace('api.atlassian.com', 'api.atlassian-us-gov-mod.com');

describe('the URL of the console', () => {
  test.each<[string, string, object]>([
    ['as it is shown', shown, content],
    ['of the Government Cloud', government, { ...content, cloud: 'us-gov-mod' }],
    ['with surrounding spaces', `  ${shown}\n`, content],
    ['broken over lines', shown.replace('&scope', '\n  &scope').replaceAll('  ', ''), content],
    ['in quotation marks', `"${shown}"`, content],
    ['without a scheme', shown.replace('https://', ''), content],
    ['with plus signs', shown.replace('%20', '+'), content],
    ['with literal spaces', shown.replace('%20', ' '), content],
    ['copied from source text', shown.replaceAll('&', '&amp;'), content],
    ['with capitals in the host', shown.replace('auth.atl', 'Auth.Atl'), content],
    ['with a slash after the path', shown.replace('authorize?', 'authorize/?'), content],
    ['with a repeated scope', shown.replace('%20', '%20read:jira-work%20'), content],
    [
      'with other parameters',
      `${shown}&login_hint=ada%40x.test&code_challenge=c&x=1&x=2`,
      {
        ...content,
        extra: [
          ['login_hint', 'ada@x.test'],
          ['x', '1'],
          ['x', '2'],
        ],
      },
    ],
    [
      'with only the required parts',
      'auth.atlassian.com/authorize?client_id=Abc123',
      { cloud: 'commercial', clientId: 'Abc123', scopes: [], extra: [] },
    ],
  ])('fills in %s', (_, pasted, filled) => {
    expect(readConsoleUrl(pasted)).toEqual({ content: filled });
  });
  test.each([
    ['', 'required'],
    [' "" ', 'required'],
    ['not a url', 'url_invalid'],
    ['https://', 'url_invalid'],
    ['ftp://auth.atlassian.com/authorize?client_id=a', 'url_invalid'],
    ['https://developer.atlassian.com/console/myapps/123/authorization', 'console_page'],
    ['https://auth.example.com/authorize?client_id=a', 'unknown_cloud'],
    ['https://auth.atlassian.com.evil.test/authorize?client_id=a', 'unknown_cloud'],
    ['https://auth.atlassian.com:8443/authorize?client_id=a', 'unknown_cloud'],
    ['https://jira.example.com/rest/oauth2/latest/authorize?client_id=a', 'unknown_cloud'],
    ['https://constructor/authorize?client_id=a', 'unknown_cloud'],
    ['https://auth.atlassian.com/oauth/token', 'not_authorize'],
    ['https://auth.atlassian.com/', 'not_authorize'],
    [shown.replace('response_type=code', 'response_type=token'), 'response_type_wrong'],
    [shown.replace('client_id=Abc123', 'client_id='), 'client_id_missing'],
    [shown.replace('client_id=', 'client='), 'client_id_missing'],
    [`${shown}&client_id=other`, 'parameter_repeated'],
    [shown.replace('=api.atlassian.com', '=api.atlassian-us-gov-mod.com'), 'audience_mismatch'],
    [shown.replace('offline_access', '%22all%22'), 'scope_invalid'],
  ])('%j is rejected: %s', (pasted, problem) => {
    expect(readConsoleUrl(pasted)).toEqual({ problem });
  });
});
