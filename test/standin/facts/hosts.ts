/** Cloud ids of Acme's and of Globex's site. */
export type CloudIds = readonly [string, string];

/** The names that one Atlassian cloud goes by. */
export interface CloudHosts {
  /** Marks what this cloud issued. */
  readonly name: string;
  readonly auth: string;
  readonly id: string;
  /** Also the `audience` of the authorize request. */
  readonly api: string;
  /** Serves the files that the gateway redirects to. */
  readonly media: string;
  /** Domain of the login cookie, which covers the three hosts above. */
  readonly domain: string;
  /** The sites' hosts: Acme's and Globex's. */
  readonly sites: readonly [string, string];
  readonly cloudIds: CloudIds;
}

/** Atlassian Cloud as everybody knows it. */
export const COMMERCIAL_CLOUD: CloudHosts = {
  name: 'cloud',
  auth: 'auth.atlassian.com',
  id: 'id.atlassian.com',
  api: 'api.atlassian.com',
  media: 'api.media.atlassian.com',
  domain: 'atlassian.com',
  sites: ['acme.atlassian.net', 'globex.atlassian.net'],
  cloudIds: ['11223344-a1b2-4c33-8d44-ac3e00000001', '55667788-c3d4-4e55-9f66-910be0000002'],
};

/** "OAuth 2.0 (3LO) apps" of the Atlassian Government Cloud names auth., api. and the sites; id. and media are assumed. */
export const GOVERNMENT_CLOUD: CloudHosts = {
  name: 'government-cloud',
  auth: 'auth.atlassian-us-gov-mod.com',
  id: 'id.atlassian-us-gov-mod.com',
  api: 'api.atlassian-us-gov-mod.com',
  media: 'api.media.atlassian-us-gov-mod.com',
  domain: 'atlassian-us-gov-mod.com',
  sites: ['acme.atlassian-us-gov-mod.net', 'globex.atlassian-us-gov-mod.net'],
  cloudIds: ['1324a887-45db-4bf4-8e99-ef0f00000003', '8594f221-9797-4f78-8fa4-485e00000004'],
};

/** An invented cloud of one tenant, for hosts that a person types in. */
export const ISOLATED_CLOUD: CloudHosts = {
  name: 'isolated-cloud',
  auth: 'auth.isolated.example.test',
  id: 'id.isolated.example.test',
  api: 'api.isolated.example.test',
  media: 'media.isolated.example.test',
  domain: 'isolated.example.test',
  sites: ['acme.isolated.example.test', 'globex.isolated.example.test'],
  cloudIds: ['a0b1c2d3-0001-4000-8000-150100000005', 'a0b1c2d3-0002-4000-8000-150100000006'],
};

export const AVATAR_HOST = 'site-admin-avatar-cdn.prod.public.atl-paas.net';

/** Every name the certificate carries; a leading `*.` stands for one label. */
export const PRODUCTION_HOSTS: readonly string[] = [
  COMMERCIAL_CLOUD.auth,
  COMMERCIAL_CLOUD.id,
  COMMERCIAL_CLOUD.api,
  COMMERCIAL_CLOUD.media,
  AVATAR_HOST,
  ...COMMERCIAL_CLOUD.sites,
  'threelo.test',
  '*.threelo.test',
  'dashboard.example',
  'evil.example',
  'frame.example',
];

const hostsOf = ({ auth, id, api, media, sites }: CloudHosts) => [auth, id, api, media, ...sites];

/** The names of the systems that exist only once a test asks for them; the certificate carries them from the start. */
export const OTHER_HOSTS: readonly string[] = [
  ...hostsOf(GOVERNMENT_CLOUD),
  ...hostsOf(ISOLATED_CLOUD),
  '*.example.test',
  'accounts.google.com',
  'oauth2.googleapis.com',
  'openidconnect.googleapis.com',
  'login.microsoftonline.com',
  'graph.microsoft.com',
];

/** Whether `host` (no port) is one of `known`, wildcards included. */
export function isKnownHost(known: readonly string[], host: string): boolean {
  const name = host.toLowerCase();
  return known.some((entry) =>
    entry.startsWith('*.')
      ? name.endsWith(entry.slice(1)) && !name.slice(0, -entry.length + 1).includes('.')
      : entry === name,
  );
}

/** Whether `host` names this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}
