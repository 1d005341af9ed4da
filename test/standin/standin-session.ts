import { createHash } from 'node:crypto';
import type { ConsentChoice } from './consent-walk.ts';
import type { Standin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

/** A verifier of the least length (RFC 7636 §4.1) and its challenge. */
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** The scopes the tests ask for. */
export const SCOPES =
  'offline_access read:me read:jira-user read:jira-work write:jira-work ' +
  'read:confluence-space.summary read:confluence-content.all search:confluence read:confluence-user ' +
  'read:page:confluence read:space:confluence';

const CALLBACK = DEMO_APP.callbackUrls[0] as string;

/** A right authorize address; a parameter set to null is left out. */
export function authorizeUrl(changes: Readonly<Record<string, string | null>> = {}): string {
  const parameters: Record<string, string | null> = {
    audience: 'api.atlassian.com',
    client_id: DEMO_APP.clientId,
    scope: SCOPES,
    redirect_uri: CALLBACK,
    state: crypto.randomUUID(),
    response_type: 'code',
    prompt: 'consent',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const kept = Object.entries(parameters).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as [string, string]],
  );
  return `https://auth.atlassian.com/authorize?${new URLSearchParams(kept)}`;
}

/** Consents and returns the code. */
export async function getCode(
  standin: Standin,
  changes: Readonly<Record<string, string | null>> = {},
  choice: ConsentChoice = {},
): Promise<string> {
  const callback = new URL(await standin.consent(authorizeUrl(changes), choice));
  return callback.searchParams.get('code') ?? '';
}

/** A token request in JSON with the demo app's credentials; null leaves a field out. */
export function postToken(
  standin: Standin,
  fields: Readonly<Record<string, string | null>>,
): Promise<Response> {
  const all: Record<string, string | null> = {
    client_id: DEMO_APP.clientId,
    client_secret: DEMO_APP.clientSecret,
    ...fields,
  };
  const kept = Object.entries(all).filter(([, value]) => value !== null);
  return standin.fetch('https://auth.atlassian.com/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(kept)),
  });
}

/** Exchanges a code. */
export function exchange(
  standin: Standin,
  code: string,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<Response> {
  return postToken(standin, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...changes,
  });
}

/** Refreshes. */
export function refresh(standin: Standin, refreshToken: string | undefined): Promise<Response> {
  return postToken(standin, { grant_type: 'refresh_token', refresh_token: refreshToken ?? null });
}

/** A token answer. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly token_type?: string;
  readonly scope: string;
}

/** Signs in and returns the token answer. */
export async function signIn(standin: Standin, choice: ConsentChoice = {}): Promise<TokenAnswer> {
  const response = await exchange(standin, await getCode(standin, {}, choice));
  return (await response.json()) as TokenAnswer;
}

/** A call to the gateway with a bearer. */
export function api(
  standin: Standin,
  accessToken: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return standin.fetch(`https://api.atlassian.com${path}`, {
    ...init,
    headers: { authorization: `Bearer ${accessToken}`, ...(init.headers as object) },
  });
}
