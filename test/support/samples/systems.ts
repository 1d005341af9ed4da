import {
  blankDraft,
  type ClientDraft,
} from '../../../extension/core/client/client-configuration.ts';
import type { Standin } from '../../standin/standin.ts';

/** What the suite of one system needs to know of it. */
export interface SystemCase {
  readonly name: string;
  readonly draft: (standin: Standin) => Partial<ClientDraft> & Pick<ClientDraft, 'type'>;
  /** Registers the client there. */
  readonly register: (standin: Standin, clientId: string, secret: string, uri: string) => void;
  /** A call that needs a token, relative to the site. */
  readonly path: string;
  /** The host that is asked for tokens. */
  readonly tokenHost: string;
  /** Path of the revocation endpoint; absent where the provider has none. */
  readonly revocation?: string;
  /** Whether a refresh gives a new refresh token. */
  readonly isRotating: boolean;
  /** A member of the refresh request's body that this system wants. */
  readonly refreshSays?: readonly string[];
}

const dataCenter = (
  product: 'jira' | 'confluence' | 'bitbucket' | 'bamboo' | 'intranet',
  path: string,
  scope: string,
): SystemCase => ({
  name: `Data Center, ${product}`,
  draft: (standin) => ({
    type: 'data-center',
    baseUrl: standin.dataCenter[product].baseUrl,
    product: product === 'intranet' ? 'jira' : product,
    scopes: [scope],
    ...(product === 'intranet' ? { isHttpAllowed: true } : {}),
  }),
  register: (standin, clientId, clientSecret, redirectUri) => {
    standin.dataCenter[product].apps.add({ clientId, clientSecret, redirectUri });
  },
  path,
  tokenHost: product === 'intranet' ? 'intranet.example.test' : 'dc.example.test',
  revocation: '/rest/oauth2/latest/revoke',
  isRotating: true,
  refreshSays: ['redirect_uri'],
});

const cloud = (
  name: 'gov' | 'isolated',
  part: (standin: Standin) => Partial<ClientDraft>,
  tokenHost: string,
): SystemCase => ({
  name: `cloud, ${name}`,
  draft: (standin) => ({ type: 'atlassian-gov-cloud', ...part(standin) }),
  register: (standin, clientId, clientSecret, uri) => {
    standin[name].apps.add({ clientId, clientSecret, callbackUrls: [uri], name: 'Team' });
  },
  path: '/rest/api/3/myself',
  tokenHost,
  revocation: '/oauth/revoke',
  isRotating: true,
});

/** Every OAuth 2.0 system besides Atlassian Cloud. */
export const systemCases: readonly SystemCase[] = [
  cloud('gov', () => ({}), 'auth.atlassian-us-gov-mod.com'),
  cloud(
    'isolated',
    ({ isolated: { hosts } }) => ({
      authorizationEndpoint: `https://${hosts.auth}/authorize`,
      tokenEndpoint: `https://${hosts.auth}/oauth/token`,
      apiBase: `https://${hosts.api}`,
    }),
    'auth.isolated.example.test',
  ),
  dataCenter('jira', '/rest/api/2/myself', 'READ'),
  dataCenter('confluence', '/rest/api/user/current', 'READ'),
  dataCenter('bitbucket', '/rest/api/1.0/users/ada', 'REPO_READ'),
  dataCenter('bamboo', '/rest/api/latest/currentUser', 'READ'),
  dataCenter('intranet', '/rest/api/2/myself', 'READ'),
  {
    name: 'generic',
    draft: ({ generic: { first } }) => ({
      type: 'generic',
      authorizationEndpoint: `${first.issuer}/auth`,
      tokenEndpoint: `${first.issuer}/token`,
      revocationEndpoint: `${first.issuer}/token/revocation`,
      userinfoEndpoint: `${first.issuer}/me`,
      issuer: first.issuer,
      isIssuerInResponses: true,
      apiBase: `${first.issuer}/api`,
      authorizationParameters: { prompt: 'consent' },
      scopes: ['openid', 'offline_access', 'notes'],
    }),
    register: (standin, clientId, clientSecret, uri) => {
      standin.generic.first.clients.add({
        clientId,
        clientSecret,
        redirectUris: [uri],
        clientAuthentication: 'client_secret_post',
      });
    },
    path: '/notes',
    tokenHost: 'issuer-one.example.test',
    revocation: '/token/revocation',
    isRotating: true,
  },
  {
    name: 'Google',
    draft: () => ({ type: 'google', apiBase: 'https://openidconnect.googleapis.com' }),
    register: (standin, clientId, clientSecret, uri) => {
      standin.google.clients.add({ clientId, clientSecret, redirectUris: [uri] });
    },
    path: '/v1/userinfo',
    tokenHost: 'oauth2.googleapis.com',
    revocation: '/revoke',
    isRotating: false,
  },
  {
    name: 'Microsoft',
    draft: () => ({ type: 'microsoft', apiBase: 'https://graph.microsoft.com' }),
    register: (standin, clientId, clientSecret, uri) => {
      standin.microsoft.clients.add({ clientId, clientSecret, redirectUris: [uri] });
    },
    path: '/v1.0/me',
    tokenHost: 'login.microsoftonline.com',
    isRotating: true,
    refreshSays: ['redirect_uri', 'scope'],
  },
];

/** The case of one name. */
export function systemCase(name: string): SystemCase {
  const found = systemCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no system is called ${name}`);
  return found;
}

/** The client of every case. */
export const systemClient = { id: 'systems-client', secret: 'systems-secret-0123456789abcdef' };

/** The draft of a case. */
export function systemDraft(one: SystemCase, standin: Standin): ClientDraft {
  const part = one.draft(standin);
  return {
    ...blankDraft(part.type),
    name: one.name,
    clientId: systemClient.id,
    clientSecret: systemClient.secret,
    ...part,
  };
}
