/** Chance that follows from a seed alone. */
export interface Chance {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number from 0 up to, and without, the limit. */
  readonly below: (limit: number) => number;
  /** True with this probability, from 0 to 1. */
  readonly comes: (probability: number) => boolean;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

/** Mulberry32 over the FNV-1a hash of the seed: small, and good enough to shuffle what tests do. */
export function chanceOf(seed: string): Chance {
  let state = 2_166_136_261;
  for (const character of seed) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    comes: (probability) => next() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
  };
}

/** Whether this is `npm run test:long`, or a run with a count of its own: then a matrix is not thinned out. */
export const isLongRun = process.env['THREELO_SEEDS'] !== undefined;

/** How many seeds a suite runs: `THREELO_SEEDS`, or as many as fit into `npm test`. */
export function seedCount(usual: number): number {
  return Number(process.env['THREELO_SEEDS'] ?? usual);
}

/** The one case to run alone, as a failure has printed it; undefined for all. */
export const onlyCase = process.env['THREELO_SEED'];
