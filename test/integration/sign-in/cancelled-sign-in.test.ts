/* Cancel has its effect whenever it comes, until the code is sent. */
import { beforeEach, expect, test } from 'vitest';
import type { FlowRecord } from '../../../background/sign-in/flow-record.ts';
import { isOauth2 } from '../../../background/sign-in/sign-in-protocol.ts';
import { keys } from '../../../extension/storage/schema.ts';
import type { ClientView } from '../../../extension/wire/views.ts';
import { addClient, runFlow } from '../../support/harness.ts';
import { tokenRequests } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

useBackground();
/** Auth windows that were opened. */
let windows: number;
beforeEach(() => {
  windows = 0;
  const { identity } = harness.world;
  const { authorize } = identity;
  const counted: typeof authorize = (url) => {
    windows += 1;
    return authorize(url);
  };
  Object.assign(harness.world, { identity: { ...identity, authorize: counted } });
});

/** The person cancels as soon as such an attempt is stored. */
function cancelsAt(isMoment: (flow: FlowRecord) => boolean): void {
  const { session } = harness.world;
  const { write } = session;
  session.write = async (items) => {
    await write(items);
    const flow = items[keys.flow] as FlowRecord | undefined;
    if (flow !== undefined && isMoment(flow)) await harness.ui('flow.cancel', {});
  };
}
async function ends(client: ClientView, opened: number): Promise<void> {
  const flow = await runFlow(harness, client);
  expect(flow).toMatchObject({
    state: 'failed',
    fault: { code: 'flow_closed' },
    isCancelled: true,
  });
  expect(await harness.ui('session.list', {})).toEqual([]);
  expect(tokenRequests(standin, 'authorization_code')).toHaveLength(0);
  expect([windows, harness.world.openWindows.size]).toEqual([opened, 0]);
}

test('before the window is asked for, none opens', async () => {
  const client = await addClient(harness, standin);
  cancelsAt(({ attempt }) => attempt !== undefined);
  await ends(client, 0);
});

test('before the browser reports the window, it is closed when it opens', async () => {
  const client = await addClient(harness, standin);
  harness.world.person = () => new Promise(() => undefined);
  const { identity } = harness.world;
  const { authorize } = identity;
  const late: typeof authorize = async (url) => {
    await harness.ui('flow.cancel', {});
    return authorize(url);
  };
  Object.assign(harness.world, { identity: { ...identity, authorize: late } });
  await ends(client, 1);
});

test('while the window is being recorded, it is closed', async () => {
  const client = await addClient(harness, standin);
  cancelsAt(({ windowId }) => windowId !== undefined);
  await ends(client, 1);
});

test('when the answer has come already, its code is not sent', async () => {
  const client = await addClient(harness, standin);
  cancelsAt(({ state }) => state === 'exchanging');
  await ends(client, 1);
});

test.each(['comes back', 'cannot show the page'])(
  'when the window %s all the same, it counts as closed',
  async (how) => {
    const client = await addClient(harness, standin);
    Object.assign(harness.world.windows, { close: () => Promise.resolve() });
    harness.world.person = async (url) => {
      const redirectedTo = await standin.consent(url.href);
      await harness.ui('flow.cancel', {});
      return how === 'comes back' ? { redirectedTo } : { ended: 'unloadable' };
    };
    await ends(client, 1);
  },
);

test('before the second window, which the other spelling of the PKCE method needs, it does not open', async () => {
  standin.dataCenter.jira.quirks.challengeMethodName = 'sha256';
  const client = await addSystemClient(systemCase('Data Center, jira'));
  cancelsAt(
    ({ attempt }) => attempt !== undefined && isOauth2(attempt) && attempt.pkceMethod === 'sha256',
  );
  await ends(client, 1);
});
