import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { blankDraft, type ClientConfiguration } from '../client/client-configuration.ts';
import { exportClients, importClients } from './client-interchange.ts';
import { freeNames } from './free-name.ts';

const client: ClientConfiguration = {
  id: '11111111-1111-4111-8111-111111111111' as never,
  name: 'Team',
  description: 'Ours',
  type: 'atlassian-cloud',
  clientId: 'abc',
  clientAuthentication: 'post',
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
  scopes: ['read:me', 'read:jira-work'],
  removedScopes: [],
  redirectUriSuffix: 'c2Nzb21lc3VmZml4MTI',
  createdAtMs: 1,
  updatedAtMs: 2,
};
const entry = (part: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...(JSON.parse(exportClients([client])) as Record<string, unknown>[])[0],
  ...part,
});
const imported = (value: unknown, takenNames: readonly string[] = []) =>
  importClients(JSON.stringify(value), takenNames);
const problemsOf = (value: unknown, takenNames: readonly string[] = []): string[] => {
  const { code, fields = [] } = faultOf(() => imported(value, takenNames));
  expect(code).toBe('invalid_import');
  return fields.map(({ field, problem }) => `${field} ${problem}`);
};

test('an export can be imported', () => {
  const { name, description, type, clientId, authorizationEndpoint, tokenEndpoint, scopes } =
    client;
  expect(importClients(exportClients([client, { ...client, name: 'Two' }]), [])).toEqual([
    {
      name,
      description,
      type,
      clientId,
      authorizationEndpoint,
      tokenEndpoint,
      scopes,
      clientSecret: undefined,
    },
    expect.objectContaining({ name: 'Two' }),
  ]);
});

test('an export has the format of the Data Center REST API, and never contains a secret', () => {
  const withSecret = {
    ...client,
    clientSecret: 'canary-secret',
    sealedClientSecret: { k: 1, iv: 'canary', ct: 'canary' },
  };
  const json = exportClients([withSecret]);
  expect(json).not.toContain('canary');
  expect(json).not.toContain(client.id);
  expect(JSON.parse(json)).toMatchObject([
    { type: 'GENERIC', threelo: { type: 'atlassian-cloud' } },
  ]);
});

test('a single configuration needs no array, may have a secret, and its suffix is not used', () => {
  const [draft] = imported(
    entry({
      clientSecret: ' s ',
      redirectUriSuffix: 'theirs',
      threelo: undefined,
      type: 'generic',
    }),
  );
  expect(draft).toMatchObject({ clientSecret: 's', type: 'atlassian-cloud' });
  expect(draft).not.toHaveProperty('redirectUriSuffix');
});

test('description, secret and suffix may be null or missing', () => {
  const [draft] = imported(
    entry({ description: null, clientSecret: null, redirectUriSuffix: null }),
  );
  expect(draft).toMatchObject({ description: '', clientSecret: undefined });
  expect(imported(entry({ description: undefined }))[0]?.description).toBe('');
});

describe('refuses', () => {
  test.each(['', '{', '[1,', 'undefined', '\uFEFF{"a"', '{"name": canary'])(
    'text that is not JSON: %j',
    (json) => {
      const fault = faultOf(() => importClients(json, []));
      expect(fault).toMatchObject({ code: 'invalid_import', subject: 'JSON' });
      expect(JSON.stringify(fault)).not.toContain('canary');
    },
  );
  test.each([[[]], [Array.from({ length: 501 }, () => entry())]])(
    'an array without entries or with too many',
    (list) => {
      expect(faultOf(() => imported(list)).code).toBe('invalid_import');
    },
  );
  test.each<[unknown, string[]]>([
    [null, ['entry malformed']],
    [[], []],
    [entry({ name: 1 }), ['name malformed']],
    [entry({ scopes: 'read:me' }), ['scopes malformed']],
    [entry({ scopes: [1] }), ['scopes.0 malformed']],
    [entry({ type: 'BASIC' }), ['type type_unsupported']],
    [entry({ threelo: { type: 'other' } }), ['threelo.type malformed']],
    [
      entry({ threelo: undefined, authorizationEndpoint: 'https://idp.example/authorize' }),
      ['tokenEndpoint url_of_cloud'],
    ],
    [
      entry({ threelo: undefined, authorizationEndpoint: 'idp' }),
      ['authorizationEndpoint url_invalid', 'tokenEndpoint url_of_cloud'],
    ],
    [entry({ type: 'GOOGLE' }), ['type type_unsupported']],
    [entry({ tokenEndpoint: 'https://evil.test/token' }), ['tokenEndpoint url_not_this_cloud']],
    [entry({ clientId: '' }), ['clientId required']],
    [
      [entry(), entry({ name: 'B', clientId: '' }), entry({ name: 'team' })],
      ['2.clientId required', '3.name name_taken'],
    ],
  ])('%#: names the entry and the member', (value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });
  test('the name of an existing configuration', () => {
    expect(problemsOf(entry(), ['TEAM'])).toEqual(['name name_taken']);
  });
  test('an entry never pollutes a prototype', () => {
    const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    faultOf(() => importClients(json, []));
    expect({}).not.toHaveProperty('polluted');
  });
});

test('a taken name gets the next free number', () => {
  expect(freeNames(['x'])('Team')).toBe('Team');
  const free = freeNames(['team', 'TEAM (2)']);
  expect(['Team', ' team', 'Other', 'Team', 'Other'].map(free)).toEqual([
    'Team (3)',
    ' team (4)',
    'Other',
    'Team (5)',
    'Other (2)',
  ]);
});

test('the draft of a new Atlassian Cloud client requests offline_access', () => {
  expect(blankDraft('atlassian-cloud').scopes).toContain('offline_access');
});
