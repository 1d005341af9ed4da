import { randomBytes } from 'node:crypto';

/** A secret string that the stand-in gave out. */
export interface IssuedSecret {
  readonly kind: keyof typeof LENGTHS | 'request-token' | 'session-handle' | 'token-secret';
  readonly value: string;
  /** The random end of `value` (44 characters): what a search for leaks should look for. */
  readonly canary: string;
  /** Who gave it out; absent: Atlassian Cloud. */
  readonly system?: string;
}

/** Where issued secrets are recorded. */
export interface IssuedSink {
  push(secret: IssuedSecret): unknown;
}

// Sizes as seen in the wild; Atlassian promises none. The code is about 850 characters.
const LENGTHS = { access: 2000, refresh: 1200, code: 850 } as const;

/** Makes a JWT-looking but opaque string: only its last segment is random. */
export function makeSecret(kind: keyof typeof LENGTHS): IssuedSecret {
  const canary = randomBytes(33).toString('base64url');
  const head = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');
  const room = LENGTHS[kind] - head.length - canary.length - 2;
  const claims = JSON.stringify({ use: kind, pad: ''.padEnd((room * 3) / 4 - 26, 'stand-in ') });
  return { kind, canary, value: `${head}.${Buffer.from(claims).toString('base64url')}.${canary}` };
}
