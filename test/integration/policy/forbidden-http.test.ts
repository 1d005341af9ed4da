/* What a client that allows plain http is refused while the settings forbid it. */
import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { fetchAll, settled } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, revive, standin, useBackground } from '../use-session.ts';
import { setPolicy, withdraw } from '../use-policy.ts';

useBackground();

const myself = { input: '/rest/api/2/myself' };
/** The status of a call, or the code that its page gets. */
const call = async (): Promise<number | string> => {
  const answered = fetchAll(harness.page(), myself).then(({ status }) => status);
  return answered.catch(async () => (await rejection(answered)).code);
};
/** How many requests the server got. */
const requests = (): number => standin.log.requests().length;

async function connected() {
  const client = await addSystemClient(systemCase('Data Center, jira'), { isHttpAllowed: true });
  const { sessionId } = await runFlow(harness, client);
  const session = (await harness.ui('session.list', {})).find(({ id }) => id === sessionId)!;
  await connect(harness, session);
  expect(await call()).toBe(200);
  return session;
}

test.each([
  [
    'the setting',
    (isOn: boolean) => harness.ui('settings.update', { changes: { plainHttp: isOn } }),
  ],
  [
    'the policy',
    (isOn: boolean) => (isOn ? withdraw() : setPolicy({ settings: { plainHttp: false } })),
  ],
])(
  'calls and refreshes are refused, and nothing is sent, as long as %s forbids it',
  async (_, allow) => {
    const { id } = await connected();
    await allow(false);
    const before = requests();
    const isRefused = async (): Promise<void> => {
      // A page does not learn of the settings.
      expect(await call()).toBe('unavailable');
      const read = harness.ui('session.refresh-sites', { id });
      expect((await rejection(read)).code).toBe('http_forbidden');
    };
    await isRefused();
    // The access token has expired.
    standin.clock.advance(3 * 3_600_000);
    await isRefused();
    await revive();
    await isRefused();
    expect(requests()).toBe(before);
    await allow(true);
    expect(await call()).toBe(200);
  },
);

test('a sign-out sends neither the token nor the secret to be revoked over plain http', async () => {
  const { id } = await connected();
  await setPolicy({ settings: { plainHttp: false } });
  const before = requests();
  await harness.ui('session.sign-out', { id });
  await settled();
  expect(await harness.ui('session.list', {})).toEqual([]);
  expect(requests()).toBe(before);
});
