import { expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { bodyOf, fetchAll } from '../../support/page-calls.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

/** Holds the next signature until `release`. */
function holdSigning(): { readonly begun: Promise<undefined>; readonly release: () => void } {
  const [begun, released] = [
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
  ];
  const { subtle } = globalThis.crypto;
  const sign: SubtleCrypto['sign'] = async (...parameters) => {
    begun.resolve(undefined);
    await released.promise;
    return subtle.sign(...parameters);
  };
  const held = new Proxy(subtle, {
    get: (target, name) => {
      const value: unknown = name === 'sign' ? sign : Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  Object.assign(harness.world, {
    crypto: {
      subtle: held,
      getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto),
      randomUUID: globalThis.crypto.randomUUID.bind(globalThis.crypto),
    },
  });
  return {
    begun: begun.promise,
    release: () => {
      released.resolve(undefined);
    },
  };
}

async function signedInAndConnected(): Promise<SessionView> {
  await runFlow(harness, await applicationLink({ harness, standin }));
  const sessions = await harness.ui('session.list', {});
  await connect(harness, sessions[0]!, { access: 'write' });
  return sessions[0]!;
}

test.each<[string, (session: SessionView) => Promise<unknown>, string]>([
  ['the connection is narrowed', (session) => connect(harness, session), 'not_allowed'],
  [
    'its session is signed out',
    ({ id }) => harness.ui('session.sign-out', { id }),
    'not_connected',
  ],
])('a call is not sent when %s while it is signed', async (_, change, code) => {
  const session = await signedInAndConnected();
  const signing = holdSigning();
  const input = '/rest/api/2/issue';
  const work = rejection(fetchAll(harness.page(), { method: 'POST', input, body: bodyOf('{}') }));
  await signing.begun;
  await change(session);
  signing.release();
  expect((await work).code).toBe(code);
  expect(standin.log.filter(({ path }) => path.includes(input))).toEqual([]);
});
