import { beforeEach, describe, expect, test } from 'vitest';
import { createAvatars } from '../../../background/views/avatars.ts';
import { askProvider } from '../../../background/provider/ask-provider.ts';
import { createDiscover } from '../../../background/provider/discovery.ts';
import type { ClientConfiguration } from '../../../extension/core/client/client-configuration.ts';
import { toFault } from '../../../extension/core/values/fault.ts';
import { secret } from '../../../extension/core/values/secret.ts';
import { temporaryCredentialsRequest } from '../../../extension/oauth/oauth1/flow/credential-requests.ts';
import { accountOf, sitesOf } from '../../../extension/oauth/resources/account-and-sites.ts';
import { bearer } from '../../../extension/oauth/resources/authorization-header.ts';
import type { ResourceContext } from '../../../extension/oauth/resources/resource-request.ts';
import { client } from '../../support/samples/oauth-samples.ts';
import { until } from '../../support/until.ts';

/** More than the largest document that Threelo reads of a provider, in bytes. */
const mostBytes = 5_242_880;
const pieceBytes = 65_536;

let seen: { bytes: number; isCancelled: boolean };
let timeLimits: (() => void)[];
let nextPiece: () => Uint8Array | undefined;
beforeEach(() => {
  seen = { bytes: 0, isCancelled: false };
  timeLimits = [];
});

const world = {
  crypto,
  /** Answers every request with a body that the server never ends. It ignores the signal, as a buffer would. */
  fetch: () => {
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const piece = nextPiece();
          if (piece === undefined) return new Promise(() => undefined);
          seen.bytes += piece.length;
          if (seen.bytes > 16 * mostBytes) throw new Error('read without end');
          controller.enqueue(piece);
          return Promise.resolve();
        },
        cancel: () => {
          seen.isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'image/png' } }));
  },
  after: (_: number, act: () => void) => {
    timeLimits.push(act);
    return () => undefined;
  },
  withKeepAlive: <T>(work: () => Promise<T>) => work(),
  permissions: { has: () => Promise.resolve(true), patternOf: String },
  session: { write: () => Promise.resolve() },
  notifyExtensionPages: () => undefined,
} as never;

const ask = (act: (context: ResourceContext) => Promise<unknown>, changes = {}) =>
  askProvider(
    {
      client: { ...client, ...changes },
      token: { token: secret('token') },
      scopes: [],
    },
    act,
    { signer: () => Promise.resolve(bearer(secret('token'))), world },
  );
const dataCenter: Partial<ClientConfiguration> = {
  type: 'data-center',
  baseUrl: 'https://jira.example',
  product: 'jira',
};
const generic: Partial<ClientConfiguration> = {
  type: 'generic',
  userinfoEndpoint: 'https://as.example/me',
};
const tooLong = 'provider_answer_invalid';
const tooSlow = 'provider_unreachable';

const bodies: [string, () => Promise<unknown>, unknown, unknown][] = [
  ['the list of sites', () => ask(sitesOf), tooLong, tooSlow],
  ['the account of Cloud', () => ask(accountOf), tooLong, tooSlow],
  ['the account of Data Center', () => ask(accountOf, dataCenter), tooLong, tooSlow],
  ['the account of userinfo', () => ask(accountOf, generic), tooLong, tooSlow],
  [
    'the metadata of an issuer',
    () => createDiscover(world)({ issuer: 'https://as.example' }),
    { problem: 'answer_invalid' },
    { problem: 'unreachable' },
  ],
  ['credentials of OAuth 1.0a', () => ask(credentials), 200, tooSlow],
  ['an avatar', avatar, undefined, undefined],
];

/** What an act resolves to, or the code of its fault. */
const outcome = (act: () => Promise<unknown>): Promise<unknown> =>
  act().catch((thrown: unknown) => toFault(thrown).code);

describe('a body without end', () => {
  test.each(bodies)('%s: is not read further than its limit', async (_, act, expected) => {
    nextPiece = () => new Uint8Array(pieceBytes).fill(0x20);
    expect(await outcome(act)).toEqual(expected);
    expect(seen.isCancelled).toBe(true);
    expect(seen.bytes).toBeLessThan(mostBytes);
  });
});

describe('a body that never stalls for long, and never ends', () => {
  test.each(bodies)('%s: ends with its total time limit', async (_, act, __, expected) => {
    let pieces = 0;
    nextPiece = () => {
      pieces += 1;
      return pieces < 4 ? Uint8Array.of(0x20) : undefined;
    };
    const ended = outcome(act);
    await until(() => pieces >= 4);
    // One limit for the head and the whole body: none was set for a piece.
    expect(timeLimits).toHaveLength(1);
    for (const expire of timeLimits) expire();
    expect(await ended).toEqual(expected);
    expect(seen.isCancelled).toBe(true);
  });
});

async function credentials({ fetch, signal }: ResourceContext): Promise<unknown> {
  const url = 'https://jira.example/request-token';
  const { answer } = await temporaryCredentialsRequest(
    {
      subtle: crypto.subtle,
      consumer: {
        key: 'key',
        signingKey: { method: 'HMAC-SHA1', consumerSecret: secret('shared') },
        sendsVersion: false,
      },
      endpoints: { requestTokenEndpoint: url, tokenEndpoint: url },
      stamp: { nonce: 'nonce', timestampS: 1 },
      fetch,
      signal,
      now: () => 0,
    },
    'oob',
  );
  return answer.status;
}

async function avatar(): Promise<unknown> {
  const avatars = createAvatars(world);
  const url = 'https://avatar.example/1.png';
  avatars.get(url);
  await until(() => seen.isCancelled);
  return avatars.get(url);
}
