import { chanceOf, onlyCase, type Chance } from '../chance.ts';
import { moments, type Kill, type Life } from './killable-world.ts';

/** One life that is to end at one point of it. */
export interface KillCase {
  readonly chance: Chance;
  readonly kill: Kill;
}

/**
 * Runs a case for every call at which a life can end, until one outlives its kill. Each seed is another
 * interleaving, ends at another moment of a call than the seed before, and has a scene of its own. A failure names its case;
 * `THREELO_SEED` runs that one alone. Resolves to the number of kills.
 */
export async function atEveryPoint<Scene>(
  scenario: string,
  seeds: number,
  setScene: () => Promise<Scene>,
  run: (scene: Scene, one: KillCase) => Promise<Life>,
): Promise<number> {
  let ended = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const seedName = `${scenario}: ${seed}, call`;
    if (onlyCase !== undefined && !onlyCase.startsWith(`${seedName} `)) continue;
    const scene = await setScene();
    for (let call = 1; call < 1000; call += 1) {
      const name = `${seedName} ${call}`;
      if (onlyCase !== undefined && onlyCase !== name) continue;
      const kill = { call, moment: moments[(seed + call) % moments.length] ?? 'before' };
      const life = await named(name, () => run(scene, { chance: chanceOf(name), kill }));
      if (!life.isOver()) break;
      ended += 1;
    }
  }
  return ended;
}

async function named(name: string, run: () => Promise<Life>): Promise<Life> {
  try {
    return await run();
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`THREELO_SEED="${name}": ${text}`, { cause: thrown });
  }
}
