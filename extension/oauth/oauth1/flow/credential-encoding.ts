import * as v from 'valibot';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import type { TokenPair } from '../signing/signed-request.ts';
import type { TokenCredentials } from './credentials.ts';

const instant = v.pipe(v.number(), v.minValue(0));
const CredentialsSchema = v.object({
  token: v.string(),
  tokenSecret: v.string(),
  sessionHandle: v.exactOptional(v.string()),
  expiresAtMs: v.exactOptional(instant),
});

/** Encodes a token and its secret as one text, which is stored like an OAuth 2.0 access token. */
export function encodeTokenPair({ token, tokenSecret }: TokenPair): Secret {
  return secret(JSON.stringify({ token: reveal(token), tokenSecret: reveal(tokenSecret) }));
}

/** Encodes credentials with their session handle as one text, which is stored like an OAuth 2.0 refresh token. */
export function encodeCredentials(credentials: TokenCredentials): Secret {
  const { token, tokenSecret, sessionHandle, expiresAtMs } = credentials;
  return secret(
    JSON.stringify({
      token: reveal(token),
      tokenSecret: reveal(tokenSecret),
      ...(sessionHandle === undefined ? {} : { sessionHandle: reveal(sessionHandle) }),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    }),
  );
}

/** Decodes what either function encoded. @throws BrokerError `seal_broken` for any other text */
export function decodeCredentials(encoded: Secret): TokenCredentials {
  const schema = v.pipe(v.string(), v.parseJson(), CredentialsSchema);
  const parsed = v.safeParse(schema, reveal(encoded));
  // No `cause`: the parser's message quotes the text.
  if (!parsed.success) throw new BrokerError('seal_broken');
  const { token, tokenSecret, sessionHandle, ...expiry } = parsed.output;
  return {
    token: secret(token),
    tokenSecret: secret(tokenSecret),
    ...(sessionHandle === undefined ? {} : { sessionHandle: secret(sessionHandle) }),
    ...expiry,
  };
}
