import type { Incoming } from '../http/incoming.ts';
import type { Consumer, OAuth1State, Token1 } from './oauth1-provider.ts';
import type { ProblemReport } from './problems.ts';
import { isSignedBy, readParameters, type SignedRequest } from './verify.ts';

/** A request whose signature was found good. */
export interface CheckedRequest {
  readonly consumer: Consumer;
  readonly token: Token1 | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

const WINDOW_MS = 5 * 60_000;
const NEEDED = ['consumer_key', 'signature_method', 'signature', 'timestamp', 'nonce'].map(
  (name) => `oauth_${name}`,
);

/** The request as the server believes that it was addressed. */
function asSigned(state: OAuth1State, incoming: Incoming): SignedRequest {
  const { method, headers, href, body } = incoming;
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  return {
    method,
    url: state.settings.seenBaseUrl + href.slice(state.baseUrl.length),
    ...(isForm ? { formBody: body.toString('utf8') } : {}),
    ...(headers['authorization'] === undefined ? {} : { authorization: headers['authorization'] }),
  };
}

/** Every check that does not depend on what the request is for (RFC 5849 §3.2). */
export function checkRequest(
  state: OAuth1State,
  incoming: Incoming,
  more: readonly string[] = [],
): CheckedRequest | ProblemReport {
  const request = asSigned(state, incoming);
  const { oauth, repeated } = readParameters(request);
  const absent = [...NEEDED, ...more].filter((name) => !oauth.has(name));
  if (absent.length > 0) {
    return { problem: 'parameter_absent', details: { oauth_parameters_absent: absent.join('&') } };
  }
  if (repeated.length > 0) {
    const details = { oauth_parameters_rejected: repeated.join('&') };
    return { problem: 'parameter_rejected', details };
  }
  if ((oauth.get('oauth_version') ?? '1.0') !== '1.0') {
    return { problem: 'version_rejected', details: { oauth_acceptable_versions: '1.0-1.0' } };
  }
  const consumer = state.consumersByKey.get(oauth.get('oauth_consumer_key') ?? '');
  if (consumer === undefined) return { problem: 'consumer_key_unknown' };
  const value = oauth.get('oauth_token');
  const token = value ? state.tokens.get(value) : undefined;
  if (value && token?.consumer !== consumer) return { problem: 'token_rejected' };
  return (
    checkSignature(request, consumer, token, oauth) ??
    checkTime(state, consumer, oauth) ?? { consumer, token, parameters: oauth }
  );
}

function checkSignature(
  request: SignedRequest,
  consumer: Consumer,
  token: Token1 | undefined,
  oauth: ReadonlyMap<string, string>,
): ProblemReport | undefined {
  const method = consumer.publicKeyPem === undefined ? 'HMAC-SHA1' : 'RSA-SHA1';
  if (oauth.get('oauth_signature_method') !== method) {
    return { problem: 'signature_method_rejected', details: { oauth_acceptable_methods: method } };
  }
  const { publicKeyPem, secret: consumerSecret = '' } = consumer;
  const isGood =
    publicKeyPem === undefined
      ? isSignedBy(request, {
          method: 'HMAC-SHA1',
          consumerSecret,
          tokenSecret: token?.secret ?? '',
        })
      : isSignedBy(request, { method: 'RSA-SHA1', publicKeyPem });
  return isGood ? undefined : { problem: 'signature_invalid' };
}

function checkTime(
  state: OAuth1State,
  consumer: Consumer,
  oauth: ReadonlyMap<string, string>,
): ProblemReport | undefined {
  const timestamp = oauth.get('oauth_timestamp') ?? '';
  const nowMs = state.nowMs();
  const awayMs = Math.abs(Number(timestamp) * 1000 - nowMs);
  if (!/^\d+$/.test(timestamp) || awayMs > WINDOW_MS) {
    const edges = [nowMs - WINDOW_MS, nowMs + WINDOW_MS].map((ms) => Math.floor(ms / 1000));
    const details = { oauth_acceptable_timestamps: edges.join('-') };
    return { problem: 'timestamp_refused', details };
  }
  const used = `${consumer.key} ${timestamp} ${oauth.get('oauth_nonce')}`;
  if (state.nonces.has(used)) return { problem: 'nonce_used' };
  state.nonces.add(used);
  return undefined;
}
