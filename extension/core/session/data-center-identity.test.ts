import { describe, expect, test } from 'vitest';
import { dataCenterProducts, type DataCenterProduct } from '../provider/data-center.ts';
import {
  identityPaths,
  isResponseForOtherUser,
  namesUser,
  readIdentity,
  type Identity,
} from './data-center-identity.ts';

describe('identity', () => {
  const user = (accountId: string, name?: string, email?: string, key?: string): Identity => ({
    kind: 'user',
    account: {
      accountId,
      ...(key && { key }),
      ...(name && { name }),
      ...(email && { email }),
    },
  });
  const anonymous = { kind: 'anonymous' };
  const unknown = { kind: 'unknown' };
  test.each<[DataCenterProduct, number, unknown, string | null, object]>([
    [
      'jira',
      200,
      { key: 'JIRAUSER1', name: 'ada', displayName: 'Ada', emailAddress: 'ada@x.test' },
      'ada',
      user('ada', 'Ada', 'ada@x.test', 'JIRAUSER1'),
    ],
    ['jira', 200, { key: 'JIRAUSER1' }, null, user('JIRAUSER1', undefined, undefined, 'JIRAUSER1')],
    [
      'jira',
      200,
      { key: 'K', name: 'ada', displayName: 7, emailAddress: [] },
      null,
      user('ada', 'ada', undefined, 'K'),
    ],
    ['jira', 200, { name: 'ada' }, 'anonymous', anonymous],
    ['jira', 401, { errorMessages: [] }, null, anonymous],
    ['jira', 401, undefined, 'anonymous', anonymous],
    ['jira', 401, undefined, null, unknown],
    ['jira', 401, { message: 'Unauthorized' }, null, unknown],
    ['jira', 401, [{ errors: [] }], null, unknown],
    ['confluence', 401, { statusCode: 401, message: 'No' }, null, anonymous],
    ['jira', 200, {}, null, unknown],
    ['jira', 200, { name: 5 }, null, unknown],
    ['jira', 200, undefined, null, unknown],
    ['jira', 404, {}, 'ada', unknown],
    ['jira', 503, undefined, null, unknown],
    [
      'confluence',
      200,
      { type: 'known', username: 'ada', userKey: 'ff80', displayName: 'Ada' },
      null,
      user('ada', 'Ada', undefined, 'ff80'),
    ],
    ['confluence', 200, { type: 'anonymous', displayName: 'Anonymous' }, null, anonymous],
    ['bitbucket', 200, { version: '8.9.0' }, 'ada', user('ada', 'ada')],
    ['bitbucket', 200, { version: '8.9.0' }, 'ad%C3%A1', user('adá', 'adá')],
    ['bitbucket', 200, { version: '8.9.0' }, '100%', user('100%', '100%')],
    ['bitbucket', 200, { version: '8.9.0' }, null, anonymous],
    ['bitbucket', 200, { version: '8.9.0' }, 'anonymous', anonymous],
    ['bitbucket', 500, undefined, 'ada', unknown],
    ['bamboo', 200, { name: 'ada', fullName: 'Ada', email: null }, null, user('ada', 'Ada')],
    ['bamboo', 200, { name: 'ada', fullName: null }, null, user('ada', 'ada')],
    ['bitbucket', 401, { errors: [{ message: 'No' }] }, null, anonymous],
    // A web page with 200, e.g. of a network that one has to sign in to.
    ['bitbucket', 200, undefined, null, unknown],
    ['bamboo', 401, { message: 'No', 'status-code': 401 }, null, anonymous],
    ['bamboo', 401, undefined, null, unknown],
  ])('of %s with %i %j and header %s', (product, status, body, userName, identity) => {
    const headers = { userName, challenge: null, loginReason: null };
    expect(readIdentity(product, { status, body, ...headers })).toEqual(identity);
  });
  test.each([
    ['OAuth realm="https%3A%2F%2Fjira.example.com"', null, anonymous],
    ['Basic realm="x", bearer error="invalid_token"', null, anonymous],
    [null, 'AUTHENTICATED_FAILED', anonymous],
    ['Basic realm="OAuth proxy"', null, unknown],
    ['Negotiate', null, unknown],
  ])('of a web page with 401, %s and login reason %s', (challenge, loginReason, identity) => {
    const page = { status: 401, body: undefined, userName: null };
    expect(readIdentity('jira', { ...page, challenge, loginReason })).toEqual(identity);
  });
  test.each([
    ['ada', true],
    [' anonymous', false],
    ['', false],
    [null, false],
  ])('the header %j names somebody: %s', (userName, is) => {
    expect(namesUser(userName)).toBe(is);
  });
  test.each<[DataCenterProduct, number, string | null, string | undefined, boolean]>([
    ['jira', 200, 'ada', 'ada', false],
    ['jira', 200, 'Ada', 'ada', false],
    ['jira', 200, 'anonymous', 'ada', true],
    ['jira', 401, 'anonymous', 'ada', true],
    ['jira', 200, 'anonymous', undefined, true],
    ['jira', 200, 'bo', 'ada', true],
    ['jira', 200, 'bo', undefined, false],
    ['jira', 200, null, 'ada', false],
    ['confluence', 200, null, 'ada', false],
    ['confluence', 200, 'ada@x.test', 'ada@x.test', false],
    ['bamboo', 200, null, 'ada', false],
    ['bitbucket', 200, 'ada', 'ada', false],
    ['bitbucket', 200, null, 'ada', true],
    ['bitbucket', 204, ' ', 'ada', true],
    ['bitbucket', 304, null, 'ada', false],
    ['bitbucket', 404, null, 'ada', false],
    // How these are encoded differs: they are not compared.
    ['jira', 200, 'ad%C3%A1', 'adá', false],
    ['jira', 200, 'ada+bo', 'ada bo', false],
    ['jira', 200, 'ada', 'ada bo', false],
  ])(
    'of an answer of %s with %i and header %s, for %s',
    (product, status, userName, accountId, is) => {
      expect(isResponseForOtherUser({ product, status, userName, accountId })).toBe(is);
    },
  );
  test.each(dataCenterProducts)('of %s is asked for below its base URL', (product) => {
    expect(identityPaths[product]).toMatch(/^\/rest\/api\//u);
  });
});
