import type { Harness } from './harness.ts';

/** Advances the clock as the browser does: alarms fire when they are due, and the background handles them. */
export async function passUntil({ world, background }: Harness, untilMs: number): Promise<void> {
  for (;;) {
    await background.upkeep.plan();
    const nextMs = Math.min(...world.alarmsSet.values());
    if (nextMs > untilMs) break;
    world.elapse(Math.max(0, nextMs - world.nowMs()));
    for (const [name, atMs] of world.alarmsSet)
      if (atMs <= world.nowMs()) world.alarmsSet.delete(name);
    await background.upkeep.run();
  }
  world.elapse(Math.max(0, untilMs - world.nowMs()));
}
