import { createHash } from 'node:crypto';
import type { StandinClock } from '../facts/clock.ts';
import { makeSecret, type IssuedSink } from '../facts/secrets.ts';
import type { Settings } from './settings.ts';

/** Milliseconds a code can be exchanged. */
export const CODE_LIFETIME_MS = 60_000;

/** What a code stands for. */
export interface CodeGrant {
  readonly clientId: string;
  readonly accountId: string;
  readonly redirectUri: string;
  readonly scopes: string[];
  readonly cloudIds: string[];
  readonly codeChallenge: string | null;
  readonly hasResource: boolean;
}

/** A code that was found. */
export interface StoredCode extends CodeGrant {
  readonly issuedAtMs: number;
  isUsed: boolean;
  /** Access token that came of it, so that a reuse can revoke the grant. */
  accessToken?: string;
}

/** The authorization codes. */
export interface Codes {
  issue(grant: CodeGrant): string;
  find(code: string): StoredCode | undefined;
}

/** No codes yet. */
export function openCodes(clock: StandinClock, issued: IssuedSink): Codes {
  const codes = new Map<string, StoredCode>();
  return {
    issue: (grant) => {
      const secret = makeSecret('code');
      issued.push(secret);
      codes.set(secret.value, { ...grant, issuedAtMs: clock.nowMs(), isUsed: false });
      return secret.value;
    },
    find: (code) => codes.get(code),
  };
}

/** What is wrong with the verifier (RFC 7636 §4.6), undefined when nothing is. */
export function pkceFault(
  mode: Settings['pkce'],
  challenge: string | null,
  verifier: string | undefined,
): string | undefined {
  if (mode === 'ignored') return undefined;
  if (challenge === null) return verifier === undefined ? undefined : 'verifier without challenge';
  if (verifier === undefined) return 'code_verifier is missing';
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return 'code_verifier is malformed';
  const hash = createHash('sha256').update(verifier).digest('base64url');
  return hash === challenge ? undefined : 'code_verifier does not match';
}
