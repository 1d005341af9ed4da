import * as v from 'valibot';
import { BrokerError } from '../../../core/values/fault.ts';
import { reveal, secret, type Secret } from '../../../core/values/secret.ts';
import type { TokenPair } from '../signing/signed-request.ts';
import type { TokenCredentials } from './credentials.ts';

const instant = v.pipe(v.number(), v.minValue(0));
const PackedSchema = v.object({
  token: v.string(),
  tokenSecret: v.string(),
  sessionHandle: v.exactOptional(v.string()),
  expiresAtMs: v.exactOptional(instant),
});

/** A token with its secret as one text, which takes the place of OAuth 2.0's access token. */
export function encodeTokenPair({ token, tokenSecret }: TokenPair): Secret {
  return secret(JSON.stringify({ token: reveal(token), tokenSecret: reveal(tokenSecret) }));
}

/** Credentials with their session handle as one text, which takes the place of OAuth 2.0's refresh token. */
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

/** Reads what either function packed. @throws BrokerError `seal_broken` when it is something else */
export function decodeCredentials(packed: Secret): TokenCredentials {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PackedSchema), reveal(packed));
  // The parser's own words quote the text.
  if (!parsed.success) throw new BrokerError('seal_broken');
  const { token, tokenSecret, sessionHandle, ...ends } = parsed.output;
  return {
    token: secret(token),
    tokenSecret: secret(tokenSecret),
    ...(sessionHandle === undefined ? {} : { sessionHandle: secret(sessionHandle) }),
    ...ends,
  };
}
