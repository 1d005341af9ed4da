import { encodedForms } from '../values/encoded-forms.ts';
import type { HttpMethod } from './http-method.ts';

/**
 * Paths by which a caller makes or exchanges credentials, which would outlive its connection: access tokens, keys,
 * passwords, OAuth clients, webhooks with secrets, and the protocol endpoints of a product that is itself a provider.
 * A row is methods and a path: `*` is one segment, `{a,b}` one of several, `/**` the path itself and all below it.
 * Lower case, without `.json` and path parameters. docs/credential-paths.md has the documentation page of each row.
 */
export const credentialPaths = {
  'every product': [
    'write /rest/pat/**',
    'any /rest/{oauth2,oauth2-client,oauth,applinks-oauth}/**',
    'write /rest/applinks/**',
    'write /rest/{auth,authconfig,tsv,basicauth}/**',
    'any /rest/{usermanagement,appmanagement}/**',
    'write /rest/plugins/**',
    'any /rest/{webhooks,jira-webhook}/**',
    'write /rest/atlassian-connect/*/app/module/**',
    'any /plugins/servlet/**',
  ],
  jira: [
    'POST,PUT /rest/api/*/webhook/**',
    'write /rest/api/*/{user,myself}/password',
    'any /rest/gadget/*/login/**',
  ],
  /** A Data Center product takes a password in its body; Atlassian Cloud does not, and sends an invitation. */
  'jira-data-center': ['POST /rest/api/*/user'],
  confluence: [
    'write /api/v2/admin-key',
    'any /rest/api/webhooks/**',
    'POST /rest/api/admin/user',
    'write /rest/api/admin/user/*/password',
    'write /rest/api/user/current/password',
  ],
  bitbucket: [
    'write /rest/{access-tokens,ssh,keys,gpg}/**',
    'write /rest/api/*{,/admin}/users/credentials',
    'POST /rest/api/*/admin/users',
    'any /rest/api/*/projects/*{,/repos/*}/webhooks/**',
    'write /rest/api/*/{signing,system-signing,hook-scripts,admin/git/mesh}/**',
    'write /rest/mirroring/*/{authenticate,requests,upstreamserver,mirrorservers}/**',
  ],
  bamboo: [
    'write /rest/api/*/access-token/**',
    'write /rest/admin/*/{security,artifacthandlers}/**',
    'any /rest/admin/*/config/remoteagentsupport',
    'write /rest/api/*/agent/authentication/**',
    'write /rest/api/*/websudo-session',
    'write /rest/api/*/project/*/sharedcredentials/**',
  ],
  generic: ['any /oauth2/*/token', 'any /clients-registrations/**'],
} as const;

/** Advice for the fault of a call that {@link makesCredential} refuses. */
export const credentialAdvice =
  'No page may call a path that makes or exchanges credentials: they would outlive its connection.';

/** The usual names of endpoints that a provider has beside its configured ones, and that no configuration names. */
const protocolNames = new Set(
  [
    'authorize authorization token access_token request_token par device_authorization bc-authorize',
    'revoke revocation introspect introspection reg register registration logout end_session',
  ].flatMap((names) => names.split(' ')),
);
/** A directory that has nothing but the protocol, and the resources that it may have all the same. */
const protocolDirectory = /\/(?:oauth2?|oidc|openid-connect|connect)\//u;
const protocolResources = new Set(['userinfo', 'certs', 'jwks', 'keys']);

/** Where a call goes, as far as credentials are concerned. */
export interface CalledPath {
  readonly method: HttpMethod;
  /** The path below the site's URL, serialized. */
  readonly pathname: string;
  readonly target: URL;
  readonly kind: 'cloud' | 'data-center' | 'generic';
  /** The endpoints of the provider in the client's configuration. */
  readonly protocolEndpoints: readonly string[];
}

/**
 * Whether a call could make or exchange a credential, in any way in which a server may read its path. The rows of all
 * products apply to each, since a person may describe a product as another one, or as any other API.
 */
export function makesCredential(call: CalledPath): boolean {
  const isGeneric = call.kind === 'generic';
  // The path of another API may begin in its base URL.
  const paths = canonicalPaths(isGeneric ? call.target.pathname : call.pathname);
  const isRefused = ({ group, isMethodIn, below, anywhere }: Row): boolean => {
    if (!isMethodIn(call.method)) return false;
    if (group === 'jira-data-center' && call.kind === 'cloud') return false;
    if (group === 'generic' && !isGeneric) return false;
    return paths.some((path) => (isGeneric ? anywhere : below).test(path));
  };
  return rows.some(isRefused) || isProtocolEndpoint(call);
}

interface Row {
  readonly group: keyof typeof credentialPaths;
  readonly isMethodIn: (method: HttpMethod) => boolean;
  /** Matches at the beginning of the path; Confluence in Atlassian's cloud has `/wiki` before it. */
  readonly below: RegExp;
  readonly anywhere: RegExp;
}

const rows = (Object.keys(credentialPaths) as Row['group'][]).flatMap((group) =>
  credentialPaths[group].map((row): Row => {
    const [methods = '', path = ''] = row.split(' ');
    const pattern = `${path}$`
      .replace('/**$', '(?:/|$)')
      .replaceAll('/*', '/[^/]+')
      .replaceAll(/\{([^}]*)\}/gu, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
    const anywhere = new RegExp(pattern, 'u');
    return {
      group,
      isMethodIn: methodsOf(methods),
      below: new RegExp(`^(?:/wiki)?${pattern}`, 'u'),
      anywhere,
    };
  }),
);

function methodsOf(methods: string): (method: HttpMethod) => boolean {
  if (methods === 'any') return () => true;
  if (methods === 'write') return (method) => method !== 'GET' && method !== 'HEAD';
  const named = new Set(methods.split(','));
  return (method) => named.has(method);
}

/** Whether the path is an endpoint of the provider, is below one, or is beside one and has the name of another. */
function isProtocolEndpoint({ target, protocolEndpoints }: CalledPath): boolean {
  if (protocolEndpoints.length === 0) return false;
  const paths = canonicalPaths(target.pathname);
  return protocolEndpoints
    .map((endpoint) => new URL(endpoint))
    .filter(({ hostname }) => hostname === target.hostname)
    .flatMap(({ pathname }) => canonicalPaths(pathname))
    .some((endpoint) =>
      paths.some((path) => `${path}/`.startsWith(`${endpoint}/`) || isBeside(path, endpoint)),
    );
}

function isBeside(path: string, endpoint: string): boolean {
  const directory = endpoint.slice(0, endpoint.lastIndexOf('/') + 1);
  if (!path.startsWith(directory)) return false;
  const [name = ''] = path.slice(directory.length).split('/', 1);
  return (
    protocolNames.has(name) || (protocolDirectory.test(directory) && !protocolResources.has(name))
  );
}

/** The forms of a path as a servlet container and Atlassian's REST filters read them. */
function canonicalPaths(pathname: string): string[] {
  return (encodedForms(pathname) ?? [pathname]).map((form) => {
    const segments = form
      .toLowerCase()
      .replace(/[?#].*$/su, '')
      .split('/')
      .map((segment) => segment.replace(/;.*$/su, '').trim());
    return `/${segments.filter(Boolean).join('/')}`.replace(/\.(?:json|xml)$/u, '');
  });
}
