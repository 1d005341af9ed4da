/** A policy, and what the parser reports: JSON Pointers with their problems. */
export interface PolicySample {
  readonly title: string;
  readonly policy: unknown;
  readonly problems: readonly string[];
  /** What a JSON Schema cannot say: then it accepts what the parser reports. */
  readonly isBeyondSchema?: true;
}

export const cloudClient = {
  id: 'acme',
  name: 'Acme',
  type: 'atlassian-cloud',
  clientId: 'client-1',
  scopes: ['read:jira-work', 'offline_access'],
} as const;

export const page = { origin: 'https://dash.example', sites: ['https://acme.atlassian.net'] };

const dataCenter = {
  id: 'jira',
  name: 'Jira',
  type: 'data-center',
  clientId: 'c',
  baseUrl: 'https://jira.example/jira',
  product: 'jira',
};

export const fullPolicy = {
  clients: [
    { ...cloudClient, clientSecret: 's3cret', description: 'For everybody' },
    dataCenter,
    {
      id: 'generic.1',
      name: 'Generic',
      type: 'generic',
      clientId: 'g',
      clientAuthentication: 'basic',
      authorizationEndpoint: 'https://id.example/authorize',
      tokenEndpoint: 'https://id.example/token',
      apiBase: 'https://api.example',
      authorizationParameters: { prompt: 'login' },
    },
  ],
  connectedPages: [
    page,
    {
      origin: 'https://dash.example:8443',
      sites: ['https://acme.atlassian.net/', 'https://jira.example/jira'],
      products: ['jira'],
      access: 'write',
      paths: ['/rest/api/3/issue/', '/rest/api/3/myself'],
    },
    { origin: 'http://localhost:3000', sites: ['https://acme.atlassian.net'], access: 'read' },
  ],
  blockedOrigins: ['https://bad.example', 'extension:abcdefghijklmnopabcdefghijklmnop'],
  settings: { activityLog: true, otherExtensions: false, pruneAt: '04:30', clockSkewSeconds: 90 },
  pointsPerHour: 5000,
  updateText: 'Questions? Ask the help desk.',
};

function client(members: Readonly<Record<string, unknown>>): unknown {
  return { clients: [{ ...cloudClient, ...members }] };
}

function connected(members: Readonly<Record<string, unknown>>): unknown {
  return { connectedPages: [{ ...page, ...members }] };
}

const sample = (title: string, policy: unknown, ...problems: string[]): PolicySample => ({
  title,
  policy,
  problems,
});
const beyondSchema = (title: string, policy: unknown, ...problems: string[]): PolicySample => ({
  ...sample(title, policy, ...problems),
  isBeyondSchema: true,
});

/** Valid and invalid policies. */
export const policySamples: readonly PolicySample[] = [
  sample('nothing', {}),
  sample('everything', fullPolicy),
  sample('no object', [], ' malformed'),
  sample('an unknown member', { client: [] }, '/client unknown_member'),
  sample('clients that are no list', { clients: {} }, '/clients malformed'),
  sample('a client that is no object', { clients: ['acme'] }, '/clients/0 malformed'),
  sample('a client without its id', client({ id: undefined }), '/clients/0/id required'),
  sample('an id with a space', client({ id: 'a b' }), '/clients/0/id malformed'),
  sample('a client without a name', client({ name: ' ' }), '/clients/0/name required'),
  sample('a long name', client({ name: 'x'.repeat(256) }), '/clients/0/name too_long'),
  sample('an unknown type', client({ type: 'cloud' }), '/clients/0/type choice_invalid'),
  sample('a number as a client ID', client({ clientId: 7 }), '/clients/0/clientId malformed'),
  sample('a scope with a space', client({ scopes: ['a b'] }), '/clients/0/scopes scope_invalid'),
  sample('a misspelt member', client({ scope: [] }), '/clients/0/scope unknown_member'),
  sample(
    'several problems of one client',
    client({ clientSecret: 1, product: 'trello' }),
    '/clients/0/clientSecret malformed',
    '/clients/0/product choice_invalid',
  ),
  sample(
    'a token endpoint that is no URL',
    client({ tokenEndpoint: 'auth' }),
    '/clients/0/tokenEndpoint url_invalid',
  ),
  beyondSchema(
    'a token endpoint on another host',
    client({ tokenEndpoint: 'https://evil.example/oauth/token' }),
    '/clients/0/tokenEndpoint url_not_this_cloud',
  ),
  beyondSchema(
    'plain http that is not allowed',
    { clients: [{ ...dataCenter, baseUrl: 'http://jira.example' }] },
    '/clients/0/baseUrl url_not_https',
  ),
  beyondSchema(
    'two clients with one id',
    { clients: [cloudClient, { ...cloudClient, name: 'Other' }] },
    '/clients/1/id repeated',
  ),
  beyondSchema(
    'two clients with one name',
    { clients: [cloudClient, { ...cloudClient, id: 'other', name: 'ACME' }] },
    '/clients/1/name name_taken',
  ),
  beyondSchema(
    'a private key that is none',
    {
      clients: [
        {
          id: 'o1',
          name: 'O1',
          type: 'application-link',
          clientId: 'k',
          baseUrl: 'https://jira.example',
          product: 'jira',
          privateKeyPem: 'x',
        },
      ],
    },
    '/clients/0/privateKeyPem key_not_pem',
  ),
  sample('pages that are no list', { connectedPages: 'x' }, '/connectedPages malformed'),
  sample(
    'a page without sites',
    { connectedPages: [{ origin: page.origin }] },
    '/connectedPages/0/sites required',
  ),
  sample('a page with no site', connected({ sites: [] }), '/connectedPages/0/sites malformed'),
  sample(
    'a site that is no URL',
    connected({ sites: ['https://acme.atlassian.net', 'acme'] }),
    '/connectedPages/0/sites/1 malformed',
  ),
  ...['https://dash.example/', 'dash.example', 'http://dash.example', 'https://*.example', '*'].map(
    (origin) =>
      sample(
        `the origin ${origin}`,
        connected({ origin }),
        '/connectedPages/0/origin origin_invalid',
      ),
  ),
  beyondSchema(
    'an origin with its default port',
    connected({ origin: 'https://dash.example:443' }),
    '/connectedPages/0/origin origin_invalid',
  ),
  sample('an origin with an underscore', connected({ origin: 'https://my_dash.example' })),
  sample('other access', connected({ access: 'all' }), '/connectedPages/0/access choice_invalid'),
  sample('a misspelt limit', connected({ path: ['/x'] }), '/connectedPages/0/path unknown_member'),
  sample('no path', connected({ paths: [] }), '/connectedPages/0/paths malformed'),
  sample('a dot segment', connected({ paths: ['/a/../b'] }), '/connectedPages/0/paths/0 malformed'),
  sample(
    'another product',
    connected({ products: ['trello'] }),
    '/connectedPages/0/products/0 choice_invalid',
  ),
  beyondSchema(
    'a page twice',
    { connectedPages: [page, page] },
    '/connectedPages/1/origin repeated',
  ),
  beyondSchema(
    'a page that is blocked',
    { connectedPages: [page], blockedOrigins: [page.origin] },
    '/connectedPages/0/origin blocked',
  ),
  ...['bad.example', 'https://*.bad.example'].map((host) =>
    sample(`blocked ${host}`, { blockedOrigins: [host] }, '/blockedOrigins/0 origin_invalid'),
  ),
  sample('settings that are a list', { settings: [] }, '/settings malformed'),
  sample('an unknown setting', { settings: { 'a/b': 1 } }, '/settings/a~1b unknown_member'),
  sample(
    'settings out of bounds',
    {
      settings: {
        activityLog: 'on',
        clockSkewSeconds: 601,
        serverDelaySeconds: 1.5,
        pruneAt: '24:00',
      },
    },
    '/settings/activityLog choice_invalid',
    '/settings/clockSkewSeconds number_out_of_range',
    '/settings/serverDelaySeconds number_invalid',
    '/settings/pruneAt time_invalid',
  ),
  sample('no points', { pointsPerHour: 0 }, '/pointsPerHour number_out_of_range'),
  sample('half a point', { pointsPerHour: 0.5 }, '/pointsPerHour number_invalid'),
  sample('points as a text', { pointsPerHour: '5000' }, '/pointsPerHour number_invalid'),
  sample('an empty text', { updateText: ' ' }, '/updateText malformed'),
  sample('a long text', { updateText: 'x'.repeat(2001) }, '/updateText text_too_long'),
];
