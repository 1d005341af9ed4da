import { beforeEach, expect, test } from 'vitest';
import { signedIn } from '../../support/harness.ts';
import { harness, standin, useBackground } from '../../support/use-session.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
useBackground();
beforeEach(async () => {
  await signedIn(harness, standin);
});

test('what passed its time in storage.session is cleared up: attempts with their window, prompts, refusals', async () => {
  const { world } = harness;
  const nowMs = world.nowMs();
  const windowId = (await world.windows.openOwn('left', { width: 1, height: 1 })) ?? 0;
  const flow = { id: 'a', clientId: 'b', startedAtMs: nowMs, state: 'waiting', windowId };
  const wanted = { origin: 'https://a.example', sites: [], access: 'read', askedAtMs: nowMs };
  world.session.entries.set('flow', { ...flow, deadlineAtMs: nowMs + 15 * minute });
  world.session.entries.set('pending:https://a.example', wanted);
  world.session.entries.set('refusals:https://a.example', [nowMs]);
  const kept = [...world.session.entries.keys()];
  await harness.background.upkeep.run();
  expect([...world.session.entries.keys()]).toEqual(kept);
  world.elapse(4 * minute);
  await harness.background.upkeep.run();
  expect(world.session.entries.has('pending:https://a.example')).toBe(false);
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
