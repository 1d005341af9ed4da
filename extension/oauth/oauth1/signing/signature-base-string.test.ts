import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../../test/support/faults.ts';
import { formParameters, isFormContentType, percentEncode } from './form-encoding.ts';
import { signatureBaseString, type SignedMessage } from './signature-base-string.ts';

const textOf = (message: SignedMessage, parameters: readonly [string, string][] = []): string =>
  signatureBaseString(message, parameters).text;
const baseUriOf = (url: string): string => signatureBaseString({ method: 'GET', url }, []).baseUri;
const normalised = (url: string, formBody?: string): string =>
  signatureBaseString({ method: 'POST', url, ...(formBody === undefined ? {} : { formBody }) }, [])
    .parameters.map((parameter) => parameter.join('='))
    .join('&');

describe('the base string', () => {
  test('is that of RFC 5849, section 3.4.1.1', () => {
    const text = textOf(
      {
        method: 'post',
        url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
        formBody: 'c2&a3=2+q',
      },
      [
        ['oauth_consumer_key', '9djdj82h48djs9d2'],
        ['oauth_token', 'kkk9d7dh3k39sjv7'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131201'],
        ['oauth_nonce', '7d8f3e4a'],
      ],
    );
    expect(text).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });
  test('contains the context path of a product', () => {
    const url = 'https://jira.example.com/jira/plugins/servlet/oauth/request-token';
    expect(textOf({ method: 'POST', url }, [['oauth_callback', 'https://x.test/cb']])).toBe(
      'POST&https%3A%2F%2Fjira.example.com%2Fjira%2Fplugins%2Fservlet%2Foauth%2Frequest-token&oauth_callback%3Dhttps%253A%252F%252Fx.test%252Fcb',
    );
  });
  test.each(['%20', '+'])('encodes a JQL query with %s for a space', (space) => {
    const jql = encodeURIComponent('project = "A&B" ORDER BY created').replaceAll('%20', space);
    const text = textOf(
      {
        method: 'GET',
        url: `https://jira.example.com/jira/rest/api/2/search?jql=${jql}&maxResults=5`,
      },
      [
        ['oauth_token', 'tok'],
        ['oauth_consumer_key', 'ext-key'],
        ['oauth_signature_method', 'RSA-SHA1'],
        ['oauth_timestamp', '1700000000'],
        ['oauth_nonce', 'n0nce12345'],
        ['oauth_version', '1.0'],
      ],
    );
    expect(text).toBe(
      'GET&https%3A%2F%2Fjira.example.com%2Fjira%2Frest%2Fapi%2F2%2Fsearch&jql%3Dproject%2520%253D%2520%2522A%2526B%2522%2520ORDER%2520BY%2520created%26maxResults%3D5%26oauth_consumer_key%3Dext-key%26oauth_nonce%3Dn0nce12345%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1700000000%26oauth_token%3Dtok%26oauth_version%3D1.0',
    );
  });
  test('leaves a signature in query or body out', () => {
    expect(normalised('https://x.test/?oauth_signature=1&a=2', 'oauth_signature=3')).toBe('a=2');
  });
  test.each(['', '/rest/api', 'ftp://x.test/', 'jira.example.com/rest'])(
    'is not built for the URL %j',
    (url) => {
      const fault = faultOf(() => signatureBaseString({ method: 'GET', url }, []));
      expect(fault).toMatchObject({ code: 'invalid_request', subject: 'url' });
    },
  );
});

test.each([
  ['http://EXAMPLE.COM:80/r%20v/X?id=123', 'http://example.com/r%20v/X'],
  ['https://www.example.net:8080/?q=1', 'https://www.example.net:8080/'],
  ['HTTPS://Example.com:443/Case/Stays', 'https://example.com/Case/Stays'],
  ['https://example.com:80/x', 'https://example.com:80/x'],
  ['http://example.com:443/x', 'http://example.com:443/x'],
  ['https://example.com', 'https://example.com/'],
  ['https://example.com?a=1', 'https://example.com/'],
  ['https://example.com/a;b=c/d#fragment', 'https://example.com/a;b=c/d'],
  ['https://example.com/a//b/', 'https://example.com/a//b/'],
  ['https://example.com/%7euser/%E4', 'https://example.com/%7euser/%E4'],
  ['https://example.com/jira/ü x', 'https://example.com/jira/%C3%BC%20x'],
  ['https://user:pass@example.com/x', 'https://example.com/x'],
  ['https://[2001:DB8::1]:8443/x', 'https://[2001:db8::1]:8443/x'],
])('the base URI of %s is %s', (url, baseUri) => {
  expect(baseUriOf(url)).toBe(baseUri);
});

test.each([
  ['orders by name before value', '?a-b=0&a=1', undefined, 'a=1&a-b=0'],
  ['orders by encoded name', '?%C3%A9=1&z=2&~=3', undefined, '%C3%A9=1&z=2&~=3'],
  ['keeps repetitions, ordered by value', '?a=2&a=10&a=1&a=', 'a=1', 'a=&a=1&a=1&a=10&a=2'],
  ['has the empty value for a bare name', '?c&d=', 'e', 'c=&d=&e='],
  ['ignores empty parts', '?&a=1&&b=2&', '&', 'a=1&b=2'],
  ['keeps an equals sign of a value', '?a=b=c', undefined, 'a=b%3Dc'],
  ['keeps a parameter without a name', '?=1', undefined, '=1'],
  ['encodes all that is not unreserved', "?q=!'()*~-._", undefined, 'q=%21%27%28%29%2A~-._'],
  ['decodes an encoded plus to a plus', '?q=a%2Bb', 'r=a+b', 'q=a%2Bb&r=a%20b'],
  ['keeps a percent sign that does not encode', '?q=100%&r=%zz', undefined, 'q=100%25&r=%25zz'],
  ['encodes raw Unicode as the platform sends it', '?q=ü😀', undefined, 'q=%C3%BC%F0%9F%98%80'],
  ['keeps a question mark at the start of a body', '', '?a=1', '%3Fa=1'],
  ['does not decode twice', '?q=%2520', undefined, 'q=%2520'],
  ['orders capitals before small letters', '?b=1&B=2', undefined, 'B=2&b=1'],
])('the parameter list %s', (_, query, body, list) => {
  expect(normalised(`https://x.test/${query}`, body)).toBe(list);
});

test('text that is not well-formed Unicode is encoded with replacement characters', () => {
  expect(percentEncode('a\uD800b')).toBe('a%EF%BF%BDb');
  expect(formParameters('a=%E9')).toEqual([['a', '\uFFFD']]);
});

test.each([
  ['application/x-www-form-urlencoded', true],
  ['Application/X-WWW-Form-Urlencoded ; charset=UTF-8', true],
  ['application/json', false],
  ['multipart/form-data; boundary=application/x-www-form-urlencoded', false],
  [undefined, false],
])('a body of type %s is a form: %s', (contentType, isForm) => {
  expect(isFormContentType(contentType)).toBe(isForm);
});
