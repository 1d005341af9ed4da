/** The hosts of Atlassian Cloud that the stand-in plays. */
export const AUTH_HOST = 'auth.atlassian.com';
export const ID_HOST = 'id.atlassian.com';
export const API_HOST = 'api.atlassian.com';
export const MEDIA_HOST = 'api.media.atlassian.com';
export const AVATAR_HOST = 'site-admin-avatar-cdn.prod.public.atl-paas.net';

/** Every name the certificate carries; a leading `*.` stands for one label. */
export const PRODUCTION_HOSTS: readonly string[] = [
  AUTH_HOST,
  ID_HOST,
  API_HOST,
  MEDIA_HOST,
  AVATAR_HOST,
  'acme.atlassian.net',
  'globex.atlassian.net',
  'threelo.test',
  '*.threelo.test',
  'dashboard.example',
  'evil.example',
  'frame.example',
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
