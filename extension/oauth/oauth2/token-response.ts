import { splitScopes } from '#core/protocol/scope.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { secret, type Secret } from '#core/values/secret.ts';
import { statusOf } from '../fetch.ts';
import { readBeginning } from '../read-body.ts';
import { bodyMembers, oauthErrorOf } from './token-error.ts';
import { isKnownError } from './token-fault.ts';

/** The maximum length of a refresh token, in UTF-16 code units. */
const maxTokenLength = 65_536;
/** The maximum length of a body that is read, in bytes. */
const maxBodyBytes = 1_048_576;

/** What a token endpoint issued. Optional members that are missing or say nothing are absent. */
export interface IssuedTokens {
  readonly accessToken: Secret;
  readonly lifetimeMs?: number;
  /** @see RFC 6749, section 5.1 */
  readonly scopes?: readonly string[];
}

/** The response of a token endpoint, read once and completely. */
export interface TokenResponse {
  /** The type of the provider. */
  readonly type: ProviderType;
  /** See {@link statusOf}. */
  readonly status: number;
  readonly retryAfter: string | null;
  /** The new refresh token; it has to be stored before anything else of the response is used. */
  readonly refreshToken?: Secret;
  /** The lifetime that the provider named for it. */
  readonly refreshLifetimeMs?: number;
  /** Set when `refresh_token` is not a token: the old one may be superseded, and the new one is not known. */
  readonly isRefreshTokenDamaged?: true;
  /** Absent unless the response is a success with a usable access token. */
  readonly issued?: IssuedTokens;
  /** The OAuth error; absent when tokens were issued. */
  readonly error?: string;
}

/**
 * Reads a response, whatever its status and content type. A longer body than 1 MiB counts as one without content.
 * Rejects when the body breaks off, or is not complete when the signal is aborted.
 */
export async function readTokenResponse(
  response: Response,
  type: ProviderType,
  signal: AbortSignal,
): Promise<TokenResponse> {
  const { bytes, isComplete } = await readBeginning(response, { maxBytes: maxBodyBytes, signal });
  const members = isComplete ? bodyMembers(new TextDecoder().decode(bytes)) : undefined;
  const issued = response.ok ? issuedTokens(members ?? {}) : undefined;
  const error = issued === undefined ? oauthErrorOf(members) : undefined;
  const rotation = response.ok ? rotationOf(members ?? {}, type, error) : {};
  return {
    type,
    status: statusOf(response),
    retryAfter: response.headers.get('retry-after'),
    ...rotation,
    ...(issued === undefined ? {} : { issued }),
    ...(error === undefined ? {} : { error }),
  };
}

type Members = Readonly<Record<string, unknown>>;

type Rotation = Pick<TokenResponse, 'refreshToken' | 'refreshLifetimeMs' | 'isRefreshTokenDamaged'>;

/**
 * What a success says of the refresh token. It is read apart from the rest, and also beside an error whose meaning is not
 * known: with rotating refresh tokens the session would be lost with it.
 */
function rotationOf(members: Members, type: ProviderType, error: string | undefined): Rotation {
  const rotation = refreshTokenOf(members);
  if (error === undefined) return rotation;
  return rotation.refreshToken === undefined || isKnownError(type, error) ? {} : rotation;
}

function refreshTokenOf({
  refresh_token: token,
  refresh_token_expires_in: lifetime,
  refresh_expires_in: otherLifetime,
}: Members): Rotation {
  const lifetimeMs = lifetimeOf(lifetime) ?? lifetimeOf(otherLifetime);
  const named = lifetimeMs === undefined ? {} : { refreshLifetimeMs: lifetimeMs };
  if (token === undefined || token === null) return named;
  return typeof token === 'string' && token !== '' && token.length <= maxTokenLength
    ? { refreshToken: secret(token), ...named }
    : { isRefreshTokenDamaged: true };
}

/**
 * The ID token is not read: the account is requested with the access token. A missing `token_type` is assumed to be
 * `Bearer`, since Atlassian does not document it; a token of another type cannot be used.
 * @see RFC 6749, section 7.1
 */
function issuedTokens({
  access_token: token,
  token_type: type,
  expires_in: lifetime,
  scope,
}: Members): IssuedTokens | undefined {
  const typeName = typeof type === 'string' ? type.trim().toLowerCase() : '';
  const isBearer = typeName === '' || typeName === 'bearer';
  if (typeof token !== 'string' || token === '' || !isBearer) return undefined;
  const lifetimeMs = lifetimeOf(lifetime);
  const scopes = scopesOf(scope);
  return {
    accessToken: secret(token),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
    ...(scopes.length === 0 ? {} : { scopes }),
  };
}

/** A lifetime in milliseconds; undefined when it is not known. Zero and less say nothing: an expired token is not issued. */
function lifetimeOf(seconds: unknown): number | undefined {
  const isNumeral = typeof seconds === 'string' && /^\s*\d+(?:\.\d+)?\s*$/u.test(seconds);
  const number = typeof seconds === 'number' ? seconds : isNumeral ? Number(seconds) : NaN;
  return number > 0 ? number * 1000 : undefined;
}

/** The granted scopes, as a text or as a list. */
function scopesOf(scope: unknown): string[] {
  const texts: readonly unknown[] = Array.isArray(scope) ? scope : [scope];
  return texts.flatMap((text) => (typeof text === 'string' ? splitScopes(text) : []));
}
