import { describe, expect, test } from 'vitest';
import {
  blankDraft,
  clientAuthenticationOf,
  draftOf,
  draftProblems,
  normaliseDraft,
  type ClientConfiguration,
  type ClientDraft,
} from '../client/client-configuration.ts';
import { profileOf } from '../provider/provider-profile.ts';
import { providerTypes, type ProviderType } from '../provider/provider-type.ts';
import { exportClients, importClients } from './client-interchange.ts';

const parameters = {
  authorizationParameters: { login_hint: 'ada@example.com', ui_locales: 'de fr' },
  tokenParameters: { tenant: 'acme "&= ü' },
};

/** For each type the members of a client that has every member which the type allows. */
const full: Readonly<Record<ProviderType, Partial<ClientDraft>>> = {
  'atlassian-cloud': {
    ...parameters,
    apiBase: 'https://api.isolated.example',
    authorizationEndpoint: 'https://auth.isolated.example/authorize',
    tokenEndpoint: 'https://auth.isolated.example/oauth/token',
  },
  'atlassian-gov-cloud': {
    ...parameters,
    apiBase: 'https://api.gov.example',
    authorizationEndpoint: 'https://auth.gov.example/authorize',
    tokenEndpoint: 'https://auth.gov.example/oauth/token',
  },
  'data-center': {
    ...parameters,
    clientAuthentication: 'none',
    baseUrl: 'http://wiki.example:8090/confluence',
    product: 'confluence',
    isHttpAllowed: true,
    scopes: ['READ'],
    pkceMethod: 'sha256',
  },
  'application-link': {
    baseUrl: 'http://jira.example:8080/jira',
    product: 'jira',
    isHttpAllowed: true,
  },
  generic: {
    ...parameters,
    clientAuthentication: 'basic',
    authorizationEndpoint: 'http://id.example/authorize?flavour=1',
    tokenEndpoint: 'http://id.example/token',
    scopes: ['openid', 'read:all'],
    apiBase: 'http://api.example/v1',
    requestHeaders: { 'Notion-Version': '2022-06-28', Prefer: 'a, b="c"' },
    issuer: 'http://id.example',
    isIssuerInResponses: true,
    isHttpAllowed: true,
    revocationEndpoint: 'http://id.example/revoke',
    userinfoEndpoint: 'http://id.example/me',
  },
  google: { ...parameters, apiBase: 'https://www.googleapis.com/drive' },
  microsoft: {
    ...parameters,
    apiBase: 'https://graph.microsoft.com/v1.0',
    authorizationEndpoint:
      'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize',
    tokenEndpoint: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token',
  },
  oauth1: {
    requestTokenEndpoint: 'http://id.example/request-token',
    authorizationEndpoint: 'http://id.example/authorize',
    tokenEndpoint: 'http://id.example/access-token',
    signatureMethod: 'RSA-SHA1',
    apiBase: 'http://api.example/v1',
    isHttpAllowed: true,
  },
};

/** What a new client of a type needs besides its presets. */
const plain: Readonly<Partial<Record<ProviderType, Partial<ClientDraft>>>> = {
  'data-center': { baseUrl: 'https://jira.example/jira' },
  'application-link': { baseUrl: 'https://jira.example/jira' },
  oauth1: {
    requestTokenEndpoint: 'https://id.example/request-token',
    authorizationEndpoint: 'https://id.example/authorize',
    tokenEndpoint: 'https://id.example/access-token',
  },
  generic: {
    authorizationEndpoint: 'https://id.example/authorize',
    tokenEndpoint: 'https://id.example/token',
    scopes: ['openid'],
  },
};

function draft(type: ProviderType, part: Partial<ClientDraft> = {}): ClientDraft {
  const named = { name: `Ours: ${type}`, description: 'Über "us"', clientId: 'abc' };
  return normaliseDraft({ ...blankDraft(type), ...named, ...part, clientSecret: 'canary-secret' });
}

/** As the worker stores it, but with the secret, which must not be exported. */
function saved(from: ClientDraft): ClientConfiguration {
  return {
    ...from,
    id: '11111111-1111-4111-8111-111111111111' as never,
    clientAuthentication: clientAuthenticationOf(from),
    removedScopes: ['gone'],
    redirectUriSuffix: 'c2Nzb21lc3VmZml4MTI',
    createdAtMs: 1,
    updatedAtMs: 2,
  };
}

const cases = providerTypes.flatMap((type) => [
  [type, 'with required members only', draft(type, plain[type])] as const,
  [type, 'with every member', draft(type, full[type])] as const,
]);

describe.each(cases)('a client of the type %s %s', (type, _, before) => {
  const client = saved(before);
  const json = exportClients([client]);

  test('can be saved', () => {
    expect(draftProblems(before, { takenNames: [], hasSecret: false })).toEqual([]);
  });

  test('is imported as it was exported, without its secret', () => {
    const [after, ...others] = importClients(json, []);
    expect(others).toEqual([]);
    expect(after).toEqual({ ...draftOf(client), clientSecret: undefined });
  });

  test('is exported in the format of Data Center, with its own type in `threelo`', () => {
    const names: Partial<Record<ProviderType, string>> = {
      google: 'GOOGLE',
      microsoft: 'MICROSOFT',
    };
    const [entry] = JSON.parse(json) as { type: string; threelo: { type: string } }[];
    expect([entry?.type, entry?.threelo.type]).toEqual([names[type] ?? 'GENERIC', type]);
  });

  test('is exported without its secret', () => {
    expect(json).not.toContain('canary');
    expect(json).not.toContain('clientSecret');
  });
});

test.each(providerTypes)('the full client of the type %s has every member of its type', (type) => {
  expect(Object.keys(draft(type, full[type]))).toEqual(
    expect.arrayContaining([...profileOf(type).members]),
  );
});

test('clients of all types are imported together, in their order', () => {
  const all = providerTypes.map((type) => saved(draft(type, full[type])));
  expect(importClients(exportClients(all), []).map(({ name }) => name)).toEqual(
    all.map(({ name }) => name),
  );
});
