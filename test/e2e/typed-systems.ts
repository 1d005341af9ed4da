/* The systems besides Atlassian Cloud, as their person types them into the options page. */
import type { Standin } from '../standin/standin.ts';
import type { PageUnderTest } from './browser-under-test.ts';
import type { TypedClient } from './steps.ts';

/** One system: what is typed, who is asked, what comes back. */
export interface TypedSystem {
  /** The name of its client. */
  readonly name: string;
  /** The name of its type. */
  readonly type: string;
  /** Fills in what this type wants besides name, client ID and secret. */
  readonly fill: (options: PageUnderTest, standin: Standin) => Promise<void>;
  /** Registers the client there. */
  readonly register: (standin: Standin, client: TypedClient, callbackUrl: string) => void;
  /** The button of its consent page. */
  readonly consentButton: 'Accept' | 'Allow';
  /** Whether the browser asks for its hosts; not when an earlier system in the list lies on the same ones. */
  readonly isPrompted: boolean;
  /** Where its site begins, and a call there that needs a token. */
  readonly site: string;
  readonly path: string;
  /** Ends the access tokens before their time. */
  readonly expire: (standin: Standin) => void;
  /** The host that is asked for tokens. */
  readonly tokenHost: string;
  /** How the path of its revocation endpoint ends; absent where it has none. */
  readonly revocation?: string;
}

const government: TypedSystem = {
  name: 'Government',
  type: 'Atlassian Government Cloud',
  fill: () => Promise.resolve(),
  register: ({ gov }, client, callbackUrl) => {
    gov.apps.add({ ...client, callbackUrls: [callbackUrl] });
  },
  consentButton: 'Accept',
  isPrompted: true,
  site: 'https://acme.atlassian-us-gov-mod.net',
  path: '/rest/api/3/myself',
  expire: ({ gov }) => {
    gov.expireAccessTokens();
  },
  tokenHost: 'auth.atlassian-us-gov-mod.com',
  revocation: '/oauth/revoke',
};

const dataCenter = (
  product: 'jira' | 'confluence',
  productName: string,
  path: string,
  isPrompted: boolean,
): TypedSystem => ({
  name: `Own ${productName}`,
  type: 'Atlassian Data Center',
  fill: async (options) => {
    await options.select('Product', productName);
    await options.fill('Base URL', `https://dc.example.test/${product}`);
    await options.click({ role: 'radio', name: 'READ' });
  },
  register: (standin, client, redirectUri) => {
    const { apps, quirks } = standin.dataCenter[product];
    apps.add({ ...client, redirectUri });
    // Else a token that ended is answered as nobody, with 200, and nothing tells that it has to be renewed.
    quirks.showsAnonymous = false;
  },
  consentButton: 'Allow',
  isPrompted,
  site: `https://dc.example.test/${product}`,
  path,
  expire: (standin) => {
    standin.dataCenter[product].expireAccessTokens();
  },
  tokenHost: 'dc.example.test',
  revocation: '/rest/oauth2/latest/revoke',
});

const provider: TypedSystem = {
  name: 'Notes',
  type: 'OAuth 2.0',
  fill: async (options, { generic: { first } }) => {
    await options.fill('Authorization endpoint', `${first.issuer}/auth`);
    await options.fill('Token endpoint', `${first.issuer}/token`);
    await options.fill('API base', `${first.issuer}/api`);
    await options.click('Further endpoints');
    await options.fill('Issuer', first.issuer);
    await options.check('Refuse answers in which the provider does not name itself');
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
  register: ({ generic: { first } }, { clientId, clientSecret }, callbackUrl) => {
    first.clients.add({
      ...{ clientId, clientSecret, redirectUris: [callbackUrl] },
      clientAuthentication: 'client_secret_post',
    });
  },
  consentButton: 'Allow',
  isPrompted: true,
  site: 'https://issuer-one.example.test/api',
  path: '/notes',
  expire: ({ clock }) => {
    clock.advance(3_700_000);
  },
  tokenHost: 'issuer-one.example.test',
  revocation: '/token/revocation',
};

const google: TypedSystem = {
  name: 'Google',
  type: 'Google',
  fill: (options) => options.fill('API base', 'https://openidconnect.googleapis.com'),
  register: (standin, client, callbackUrl) => {
    standin.google.clients.add({ ...client, redirectUris: [callbackUrl] });
  },
  consentButton: 'Allow',
  isPrompted: true,
  site: 'https://openidconnect.googleapis.com',
  path: '/v1/userinfo',
  expire: (standin) => {
    standin.google.expireAccessTokens();
  },
  tokenHost: 'oauth2.googleapis.com',
  revocation: '/revoke',
};

const microsoft: TypedSystem = {
  name: 'Microsoft',
  type: 'Microsoft',
  fill: (options) => options.fill('API base', 'https://graph.microsoft.com'),
  register: (standin, client, callbackUrl) => {
    standin.microsoft.clients.add({ ...client, redirectUris: [callbackUrl] });
  },
  consentButton: 'Allow',
  isPrompted: true,
  site: 'https://graph.microsoft.com',
  path: '/v1.0/me',
  expire: (standin) => {
    standin.microsoft.expireAccessTokens();
  },
  tokenHost: 'login.microsoftonline.com',
};

/** Every OAuth 2.0 system besides Atlassian Cloud, one client each. */
export const typedSystems: readonly TypedSystem[] = [
  dataCenter('jira', 'Jira', '/rest/api/2/myself', true),
  government,
  dataCenter('confluence', 'Confluence', '/rest/api/user/current', false),
  provider,
  google,
  microsoft,
];
