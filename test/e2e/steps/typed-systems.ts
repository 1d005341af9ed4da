/* The systems, as their person types them into the options page. */
import type { LogEntry } from '../../standin/http/traffic-log.ts';
import type { Standin } from '../../standin/standin.ts';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import type { TypedClient } from './steps.ts';

/** One system: what is typed, who is asked, what comes back. */
export interface TypedSystem {
  /** The name of its client. */
  readonly name: string;
  /** The name of its type. */
  readonly type: string;
  /** Where the person starts the sign-in; over the browser's prompt for hosts, Chrome closes the popup. */
  readonly signsInFrom: 'options' | 'popup';
  /** Fills in what this type wants besides its name. */
  readonly fill: (options: PageUnderTest, client: TypedClient, standin: Standin) => Promise<void>;
  /** Registers the client there, once it is saved. */
  readonly register: (standin: Standin, client: TypedClient, shown: Shown) => void;
  /** The button of its consent page. */
  readonly consentButton: 'Accept' | 'Allow';
  /** Where its site begins, and a call there that needs a token. */
  readonly site: string;
  readonly path: string;
  /** A file there, outside the REST API. */
  readonly file?: string;
  /** The module in `recipes/` that calls it. */
  readonly recipe?: string;
  /** Ends the access tokens before their time. */
  readonly expire: (standin: Standin) => void;
  /** The name of the account, as far as the system has one. */
  readonly account?: string;
  /** The host that is asked for tokens; the browser asks the person for it once, unless the manifest names it. */
  readonly tokenHost: string;
  readonly isInManifest?: boolean;
  /** Whether a request gets new tokens for old ones; absent where tokens have no end. */
  readonly isRenewal?: (request: LogEntry) => boolean;
  /** Whether a request revokes tokens; absent if the system has no revocation. */
  readonly isRevocation?: (request: LogEntry) => boolean;
}

/** What the page shows of a client, to be registered. */
export interface Shown {
  readonly callbackUrl: string;
  /** Of a client that signs with RSA; it is there once the client is saved. */
  readonly publicKeyPem: string;
}

/** What OAuth 2.0 systems have in common: two fields, refreshes, and a revocation where there is a path for it. */
function oauth2(
  { fill, ...system }: Omit<TypedSystem, 'isRenewal' | 'isRevocation' | 'signsInFrom'>,
  revocationPath?: string,
): TypedSystem {
  return {
    signsInFrom: 'options',
    ...system,
    fill: async (options, client, standin) => {
      await options.fill('Client ID', client.clientId);
      await options.fill('Client secret', client.clientSecret);
      await fill(options, client, standin);
    },
    isRenewal: ({ host, bodyText }) =>
      host === system.tokenHost && /grant_type"?[=:]"?refresh_token/u.test(bodyText),
    ...(revocationPath === undefined
      ? {}
      : {
          isRevocation: ({ host, path }) =>
            host === system.tokenHost && path.endsWith(revocationPath),
        }),
  };
}

const atlassian = oauth2(
  {
    name: 'Cloud',
    type: 'Atlassian Cloud',
    fill: () => Promise.resolve(),
    register: ({ apps }, client, { callbackUrl }) => {
      apps.add({ ...client, callbackUrls: [callbackUrl] });
    },
    consentButton: 'Accept',
    site: 'https://acme.atlassian.net',
    path: '/rest/api/3/myself',
    expire: (standin) => {
      standin.expireAccessTokens();
    },
    tokenHost: 'auth.atlassian.com',
    isInManifest: true,
  },
  '/oauth/revoke',
);

const government = oauth2(
  {
    name: 'Government',
    type: 'Atlassian Government Cloud',
    fill: () => Promise.resolve(),
    register: ({ gov }, client, { callbackUrl }) => {
      gov.apps.add({ ...client, callbackUrls: [callbackUrl] });
    },
    consentButton: 'Accept',
    site: 'https://acme.atlassian-us-gov-mod.net',
    path: '/rest/api/3/myself',
    expire: ({ gov }) => {
      gov.expireAccessTokens();
    },
    tokenHost: 'auth.atlassian-us-gov-mod.com',
  },
  '/oauth/revoke',
);

const dataCenter = (
  product: 'jira' | 'confluence' | 'bitbucket' | 'bamboo',
  productName: string,
  scope: string,
  path: string,
  file: string,
): TypedSystem =>
  oauth2(
    {
      name: `Own ${productName}`,
      type: 'Atlassian Data Center',
      fill: async (options) => {
        await options.select('Product', productName);
        await options.fill('Base URL', `https://dc.example.test/${product}`);
        await options.click({ role: 'radio', name: scope });
      },
      register: (standin, client, { callbackUrl: redirectUri }) => {
        const { apps, quirks } = standin.dataCenter[product];
        apps.add({ ...client, redirectUri });
        // Their responses name no user: one to an expired token, with 200, looks like any other.
        if (['bamboo', 'confluence'].includes(product)) quirks.showsAnonymous = false;
      },
      consentButton: 'Allow',
      site: `https://dc.example.test/${product}`,
      path,
      file,
      ...(product === 'jira' ? { recipe: 'data-center.js' } : {}),
      expire: (standin) => {
        standin.dataCenter[product].expireAccessTokens();
      },
      tokenHost: 'dc.example.test',
    },
    '/rest/oauth2/latest/revoke',
  );

const provider = oauth2(
  {
    name: 'Notes',
    type: 'OAuth 2.0',
    fill: async (options, _, { generic: { first } }) => {
      await options.fill('Authorization endpoint', `${first.issuer}/auth`);
      await options.fill('Token endpoint', `${first.issuer}/token`);
      await options.fill('API base', `${first.issuer}/api`);
      await options.click('Further endpoints');
      await options.fill('Issuer', first.issuer);
      await options.check('Reject authorization responses that do not name their issuer');
      await options.fill('Revocation endpoint', `${first.issuer}/token/revocation`);
      await options.fill('Userinfo endpoint', `${first.issuer}/me`);
      await options.fill('Add scope', 'openid profile offline_access notes');
      await options.click('Add');
      await options.click('Protocol details');
      const within = 'Extra parameters of the sign-in request';
      await options.click({ role: 'button', name: 'Add parameter', within });
      await options.fill('Name of parameter 1', 'prompt');
      await options.fill('Value of parameter 1', 'consent');
    },
    register: ({ generic: { first } }, { clientId, clientSecret }, { callbackUrl }) => {
      first.clients.add({
        clientId,
        clientSecret,
        redirectUris: [callbackUrl],
        clientAuthentication: 'client_secret_post',
      });
    },
    consentButton: 'Allow',
    site: 'https://issuer-one.example.test/api',
    path: '/notes',
    expire: ({ clock }) => {
      clock.advance(3_700_000);
    },
    tokenHost: 'issuer-one.example.test',
  },
  '/token/revocation',
);

const google = oauth2(
  {
    name: 'Google',
    type: 'Google',
    fill: (options) => options.fill('API base', 'https://openidconnect.googleapis.com'),
    register: (standin, client, { callbackUrl }) => {
      standin.google.clients.add({ ...client, redirectUris: [callbackUrl] });
    },
    consentButton: 'Allow',
    site: 'https://openidconnect.googleapis.com',
    path: '/v1/userinfo',
    expire: (standin) => {
      standin.google.expireAccessTokens();
    },
    tokenHost: 'oauth2.googleapis.com',
  },
  '/revoke',
);

const microsoft = oauth2({
  name: 'Microsoft',
  type: 'Microsoft',
  fill: (options) => options.fill('API base', 'https://graph.microsoft.com'),
  register: (standin, client, { callbackUrl }) => {
    standin.microsoft.clients.add({ ...client, redirectUris: [callbackUrl] });
  },
  consentButton: 'Allow',
  site: 'https://graph.microsoft.com',
  path: '/v1.0/me',
  expire: (standin) => {
    standin.microsoft.expireAccessTokens();
  },
  tokenHost: 'login.microsoftonline.com',
});

/** A request of OAuth 1.0a that asks for a new token by the session handle. */
const isSignedRenewal = ({ headers }: LogEntry): boolean =>
  headers['authorization']?.includes('oauth_session_handle=') === true;

const applicationLink: TypedSystem = {
  name: 'Linked Jira',
  type: 'Atlassian application link (OAuth 1.0a)',
  signsInFrom: 'options',
  fill: async (options, client, { oauth1 }) => {
    await options.fill('Consumer key', client.clientId);
    await options.fill('Base URL', oauth1.jira.baseUrl);
  },
  register: ({ oauth1 }, { clientId: key, name }, { publicKeyPem }) => {
    oauth1.jira.consumers.add({ key, name, publicKeyPem });
  },
  consentButton: 'Allow',
  site: 'https://legacy.example.test/jira',
  path: '/rest/api/2/myself',
  expire: ({ oauth1 }) => {
    oauth1.jira.expireAccessTokens();
  },
  tokenHost: 'legacy.example.test',
  isRenewal: isSignedRenewal,
};

const thirdParty: TypedSystem = {
  name: 'Photos',
  type: 'OAuth 1.0a',
  signsInFrom: 'options',
  fill: async (options, client, { oauth1 }) => {
    const { endpoints, baseUrl } = oauth1.thirdParty;
    await options.fill('Consumer key', client.clientId);
    await options.fill('Shared secret', client.clientSecret);
    await options.fill('Request token URL', endpoints.requestToken);
    await options.fill('Authorization URL', endpoints.authorize);
    await options.fill('Access token URL', endpoints.accessToken);
    await options.fill('API base', baseUrl);
  },
  register: ({ oauth1 }, { clientId: key, clientSecret: secret, name }) => {
    oauth1.thirdParty.consumers.add({ key, name, secret });
  },
  consentButton: 'Allow',
  site: 'https://photos.example.test',
  path: '/api/albums?tag=a%20b%2Bc',
  // Its tokens have no end, and nothing renews them.
  expire: () => undefined,
  account: 'unknown account',
  tokenHost: 'photos.example.test',
};

/** Every system, one client each. */
export const typedSystems: readonly TypedSystem[] = [
  atlassian,
  { ...government, signsInFrom: 'popup' },
  dataCenter('jira', 'Jira', 'READ', '/rest/api/2/myself', '/secure/attachment/1/a%20%23b.pdf'),
  dataCenter(
    'confluence',
    'Confluence',
    'READ',
    '/rest/api/user/current',
    '/download/attachments/1/%E8%B3%87%E6%96%99.pdf',
  ),
  dataCenter(
    'bitbucket',
    'Bitbucket',
    'REPO_READ',
    '/rest/api/1.0/users/ada',
    '/projects/RKT/repos/guidance/raw/src/main.c',
  ),
  dataCenter(
    'bamboo',
    'Bamboo',
    'READ',
    '/rest/api/latest/currentUser',
    '/browse/RKT-BUILD-7/artifact/shared/Report/index.html',
  ),
  provider,
  google,
  microsoft,
  applicationLink,
  thirdParty,
];
