import { randomBytes } from 'node:crypto';
import type { StandinClock } from '../facts/clock.ts';
import type { IssuedSecret } from '../facts/secrets.ts';
import type { Account } from '../facts/sites.ts';
import { openFrontDoor, type FrontDoor } from '../http/front-door.ts';
import type { SystemParts } from '../state/system.ts';
import type { OAuthProblem } from './problems.ts';

/** A registered consumer: with a public key for RSA-SHA1, or a shared secret for HMAC-SHA1. */
export interface Consumer {
  readonly key: string;
  readonly name: string;
  readonly publicKeyPem?: string;
  readonly secret?: string;
}

/** A request token or an access token. */
export interface Token1 {
  readonly value: string;
  readonly secret: string;
  readonly consumer: Consumer;
  expiresAtMs: number;
  /** Of a request token. */
  readonly callback?: string;
  verifier?: string;
  state: 'denied' | 'granted' | 'new' | 'used';
  account?: Account;
  /** Of an access token. */
  sessionHandle?: string;
  sessionEndsAtMs?: number;
}

/** Switches; tests assign them at any time. */
export interface OAuth1Settings {
  /** What the server takes for its own address; another one than `baseUrl` behind a proxy that does not forward it. */
  seenBaseUrl: string;
  /** How far the server's own clock is from the stand-in's. */
  clockOffsetMs: number;
  requestTokenMs: number;
  /** Null: tokens do not expire, and nothing is said of it. */
  accessTokenMs: number | null;
  /** Refuses every request of one kind in this way. */
  refuse:
    | { readonly at: 'access-token' | 'api' | 'request-token'; readonly problem: OAuthProblem }
    | undefined;
}

/** An OAuth 1.0a provider. */
export interface OAuth1Provider {
  readonly baseUrl: string;
  readonly settings: OAuth1Settings;
  /** Where the three steps are. */
  readonly endpoints: Readonly<Record<'accessToken' | 'authorize' | 'requestToken', string>>;
  readonly consumers: { add(consumer: Consumer): void };
  /** Ends every access token, as a person can. */
  revokeAll(): void;
  /** Ends every access token before its time; a session handle still renews it. */
  expireAccessTokens(): void;
}

/** A provider with the parts that its endpoints act on. */
export interface OAuth1State extends OAuth1Provider {
  readonly host: string;
  readonly title: string;
  readonly clock: StandinClock;
  readonly consumersByKey: Map<string, Consumer>;
  readonly tokens: Map<string, Token1>;
  readonly nonces: Set<string>;
  readonly door: FrontDoor<Token1>;
  /** A token with fresh strings; `lifeMs` null: for ever. */
  issue(
    kind: 'access' | 'request-token',
    consumer: Consumer,
    lifeMs: number | null,
    callback?: string,
  ): Token1;
  aSessionHandle(): string;
  nowMs(): number;
}

/** A fresh provider. */
export function openOAuth1Provider(
  parts: SystemParts,
  spec: Pick<OAuth1State, 'baseUrl' | 'endpoints' | 'title'> & { accessTokenMs: number | null },
): OAuth1State {
  const { baseUrl, endpoints, title, accessTokenMs } = spec;
  const issued = parts.issuedBy(baseUrl);
  const settings: OAuth1Settings = {
    seenBaseUrl: baseUrl,
    clockOffsetMs: 0,
    requestTokenMs: 600_000,
    accessTokenMs,
    refuse: undefined,
  };
  const { hostname: host, pathname } = new URL(baseUrl);
  const path = pathname === '/' ? '' : pathname;
  const consumersByKey = new Map<string, Consumer>();
  const tokens = new Map<string, Token1>();
  const nowMs = () => parts.clock.nowMs() + settings.clockOffsetMs;
  const aSecret = (kind: IssuedSecret['kind']) => {
    const value = randomBytes(16).toString('hex');
    issued.push({ kind, value, canary: value });
    return value;
  };
  const door = openFrontDoor<Token1>({
    title,
    accounts: parts.accounts,
    cookie: 'oauth1.session',
    cookieRules: `Path=${path || '/'}; Secure; HttpOnly`,
    loginPath: `${path}/login`,
    consentPath: `${path}/consent`,
  });
  return {
    ...{
      baseUrl,
      settings,
      endpoints,
      host,
      title,
      clock: parts.clock,
      consumersByKey,
      tokens,
      door,
      nowMs,
    },
    nonces: new Set(),
    consumers: { add: (consumer) => void consumersByKey.set(consumer.key, consumer) },
    revokeAll: () => tokens.clear(),
    expireAccessTokens: () => {
      for (const token of tokens.values())
        if (token.callback === undefined) token.expiresAtMs = nowMs();
    },
    aSessionHandle: () => aSecret('session-handle'),
    issue: (kind, consumer, lifeMs, callback) => {
      const token: Token1 = {
        value: aSecret(kind),
        secret: aSecret('token-secret'),
        consumer,
        expiresAtMs: nowMs() + (lifeMs ?? Infinity),
        state: 'new',
        ...(callback === undefined ? {} : { callback }),
      };
      tokens.set(token.value, token);
      return token;
    },
  };
}
