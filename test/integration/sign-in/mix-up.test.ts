import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientView } from '../../../extension/wire/views.ts';
import { runFlow } from '../../support/harness.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

// Two issuers that know each other's clients: what one gave never reaches the other.
useBackground();
let client: ClientView;
beforeEach(async () => {
  client = await addSystemClient(systemCase('generic'));
});

const tokenRequests = (): number => standin.log.requests({ path: '/token' }).length;

describe('an authorization response of another attempt is discarded, and no code is sent', () => {
  test.each<[string, () => void, string]>([
    [
      'the issuer of another',
      () => (standin.generic.first.tamper.iss = standin.generic.second.issuer),
      'state_mismatch',
    ],
    [
      'no issuer where each answer has one',
      () => (standin.generic.first.tamper.dropIss = true),
      'state_mismatch',
    ],
    ['no state', () => (standin.generic.first.tamper.dropState = true), 'state_mismatch'],
    [
      'a path of another issuer',
      () => {
        const { person } = harness.world;
        harness.world.person = async (url) => {
          const back = await person(url);
          if (!('redirectedTo' in back)) return back;
          const answer = new URL(back.redirectedTo);
          answer.pathname = '/AAAAAAAAAAAAAAAAAAAAAA';
          return { redirectedTo: answer.href };
        };
      },
      'redirect_rejected',
    ],
  ])('%s', async (_, tamper, code) => {
    tamper();
    expect((await runFlow(harness, client)).fault?.code).toBe(code);
    expect(tokenRequests()).toBe(0);
    expect(standin.auditor.crossings).toEqual([]);
  });
});

test('a code of somebody else is refused by its verifier, at its own issuer alone', async () => {
  standin.generic.first.tamper.code = 'a-code-that-was-injected';
  expect((await runFlow(harness, client)).fault?.code).toBe('grant_rejected');
  expect(standin.log.requests({ path: '/token' }).map(({ host }) => host)).toEqual([
    'issuer-one.example.test',
  ]);
});

test('two issuers never share a callback URL', async () => {
  const of = async (issuer: string): Promise<string> =>
    (await harness.ui('client.redirect-uri', { authorizationEndpoint: `${issuer}/auth` }))
      .redirectUri;
  const { first, second } = standin.generic;
  expect(await of(first.issuer)).not.toBe(await of(second.issuer));
});
