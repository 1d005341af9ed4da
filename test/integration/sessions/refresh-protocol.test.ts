import { expect, test } from 'vitest';
import { isLongRun } from '../../support/chance.ts';
import { fewestEvents, longBounds } from '../../support/protocol/bounds.ts';
import { initialState } from '../../support/protocol/protocol-state.ts';
import { openReplays } from '../../support/protocol/replay.ts';
import { walk, waysToAll, wordsOf } from '../../support/protocol/walk.ts';

test(
  'the real token handler goes the way of the model to every state',
  async () => {
    const bounds = isLongRun ? longBounds : fewestEvents;
    const { reached } = walk(bounds);
    const { replay } = await openReplays();
    const initial = initialState(bounds);
    for (const way of waysToAll(reached)) {
      await replay(initial, way).catch((thrown: unknown) => {
        throw new Error(`${wordsOf(way)}: ${String(thrown)}`, { cause: thrown });
      });
    }
    expect(reached.length).toBeGreaterThan(3000);
  },
  isLongRun ? 900_000 : 60_000,
);

test.runIf(isLongRun)('two disturbances at once break no invariant', { timeout: 300_000 }, () => {
  const { reached, broken } = walk({ ...longBounds, disturbances: 2 });
  expect(broken && `${broken.invariant}: ${wordsOf(broken.way)}`).toBeUndefined();
  // As docs/refresh-protocol.md says.
  expect(reached).toHaveLength(226_956);
});
