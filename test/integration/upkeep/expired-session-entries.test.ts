import { expect, test } from 'vitest';
import { harness, useSession } from '../use-session.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
useSession({ sites: () => [] });

test('expired entries of storage.session are removed: sign-in attempts with their window, pending requests, refusals', async () => {
  const { world } = harness;
  const nowMs = world.nowMs();
  const windowId = (await world.windows.openOwn('left', { width: 1, height: 1 })) ?? 0;
  const flow = { id: 'a', clientId: 'b', startedAtMs: nowMs, state: 'waiting', windowId };
  const request = { origin: 'https://a.example', sites: [], access: 'read' };
  world.session.entries.set('flow', { ...flow, deadlineAtMs: nowMs + 15 * minute });
  const pendingKey = 'pending-grant:https://a.example';
  world.session.entries.set(pendingKey, { request, requestedAtMs: nowMs });
  world.session.entries.set('refusals:https://a.example', [nowMs]);
  const kept = [...world.session.entries.keys()];
  await harness.background.upkeep.run();
  expect([...world.session.entries.keys()]).toEqual(expect.arrayContaining(kept));
  world.elapse(4 * minute);
  await harness.background.upkeep.run();
  expect(world.session.entries.has(pendingKey)).toBe(false);
  world.elapse(15 * minute);
  await harness.background.upkeep.run();
  expect(world.session.entries.has('flow')).toBe(true);
  world.elapse(2 * minute);
  await harness.background.upkeep.run();
  expect(world.session.entries.has('flow')).toBe(false);
  expect(world.openWindows.has(windowId)).toBe(false);
  world.elapse(day);
  await harness.background.upkeep.run();
  expect(world.session.entries.has('refusals:https://a.example')).toBe(false);
});
