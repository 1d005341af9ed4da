import { describe, expect, test } from 'vitest';
import type { CreatedFlow } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, addClient, signedIn } from '../../support/harness.ts';
import { until } from '../../support/until.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground({ transport: 'tls' });

const nobody = '99999999-9999-4999-8999-999999999999';
const isRunning = ({ state }: CreatedFlow): boolean =>
  state === 'waiting' || state === 'exchanging';

/** Asks for a flow by its id until it has ended. */
async function ended(id: string): Promise<CreatedFlow> {
  for (;;) {
    const flow = await harness.ui('flow.get', { id });
    if (!isRunning(flow)) return flow;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const codeOf = async (work: Promise<unknown>): Promise<string> => (await rejection(work)).code;

describe('configurations', () => {
  test('are listed by name, and found by name whatever its case', async () => {
    const create = (name: string) => harness.ui('client.create', { client: aDraft({ name }) });
    const [b, a] = [await create('Beta'), await create('alpha')];
    expect(await harness.ui('client.list', {})).toEqual([a, b]);
    expect(await harness.ui('client.get-by-name', { name: ' BETA ' })).toEqual(b);
    await harness.ui('client.delete', { id: b.id });
    expect(await harness.ui('client.list', {})).toEqual([a]);
    expect(await rejection(harness.ui('client.get-by-name', { name: 'Beta' }))).toMatchObject({
      code: 'not_found',
      subject: 'client',
    });
  });
});

describe('a flow', () => {
  test('is created with an id, can be queried by it, and its end is reported once', async () => {
    const client = await addClient(harness, standin);
    const created = await harness.ui('flow.create', { clientId: client.id });
    expect(created).toMatchObject({ clientId: client.id, state: 'waiting' });
    const flow = await ended(created.id);
    expect(flow).toMatchObject({ id: created.id, state: 'succeeded', clientName: 'Team' });
    const { sessionId } = flow;
    if (sessionId === undefined) throw new Error('no session');
    expect(await harness.ui('session.get', { id: sessionId })).toMatchObject({ status: 'valid' });
    expect(await codeOf(harness.ui('flow.get', { id: created.id }))).toBe('not_found');
    // The popup has not shown it yet.
    expect((await harness.ui('overview.get', {})).flow).toMatchObject({
      state: 'succeeded',
      sessionId,
    });
  });

  test('that failed says why, once, also to a worker that began later', async () => {
    harness.world.person = () => Promise.resolve({ ended: 'closed' });
    const client = await addClient(harness, standin);
    const { id } = await harness.ui('flow.create', { clientId: client.id });
    for (;;) {
      const { flow } = await harness.ui('overview.get', {});
      if (flow?.state === 'failed') break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await revive();
    const asked = await Promise.allSettled([1, 2].map(() => harness.ui('flow.get', { id })));
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(asked).toContainEqual({
      status: 'fulfilled',
      value: expect.objectContaining({
        id,
        fault: expect.objectContaining({ code: 'flow_closed' }) as unknown,
      }) as unknown,
    });
  });

  test('with an unknown id is not found, nor is one before the last', async () => {
    const client = await addClient(harness, standin);
    expect(await rejection(harness.ui('flow.get', { id: nobody }))).toMatchObject({
      code: 'not_found',
      subject: 'flow',
    });
    const first = await harness.ui('flow.create', { clientId: client.id });
    await ended(first.id);
    const second = await harness.ui('flow.create', { clientId: client.id });
    expect(await codeOf(harness.ui('flow.get', { id: first.id }))).toBe('not_found');
    expect((await ended(second.id)).state).toBe('succeeded');
    expect(await codeOf(harness.ui('flow.create', { clientId: nobody as typeof client.id }))).toBe(
      'not_found',
    );
  });

  test('that was dismissed stays away', async () => {
    const client = await addClient(harness, standin);
    const { id } = await harness.ui('flow.create', { clientId: client.id });
    await until(async () => (await harness.ui('overview.get', {})).flow?.state === 'succeeded');
    await harness.ui('flow.dismiss', {});
    expect(await codeOf(harness.ui('flow.get', { id }))).toBe('not_found');
    expect((await harness.ui('overview.get', {})).flow).toBeUndefined();
  });
});

describe('sessions', () => {
  test('are listed, and got by their id until they end', async () => {
    expect(await harness.ui('session.list', {})).toEqual([]);
    const { session } = await signedIn(harness, standin);
    expect(await harness.ui('session.list', {})).toEqual([session]);
    expect(await harness.ui('session.get', { id: session.id })).toEqual(session);
    await harness.ui('session.sign-out', { id: session.id });
    expect(await rejection(harness.ui('session.get', { id: session.id }))).toMatchObject({
      code: 'not_found',
      subject: 'session',
    });
  });
});
