import type { Operation } from './operation-table.ts';

/** How many combinations are tried before the best one found so far is taken. */
const mostSteps = 5000;

/** The scopes of one alternative that are not held. */
type Lacking = readonly string[];

/**
 * The smallest set of scopes to add to `held`, so that every operation can be called. Where alternatives add as few scopes, the
 * earlier one is taken, so the classic one. Operations that are closed to 3LO apps need nothing.
 *
 * It begins with a greedy choice, and searches for a smaller one among the combinations of alternatives, without following
 * those that are already as large. That is exact unless it needs more than 5,000 steps: of Atlassian's operations random lists
 * of 100 need up to 4,000, of 300 up to 12,000, where the greedy choice has at most two scopes more.
 */
export function smallestScopes(
  operations: readonly Operation[],
  held: readonly string[],
): readonly string[] {
  const choices = openChoices(operations, new Set(held));
  let best = greedy(choices);
  let steps = 0;
  const search = (open: typeof choices, taken: ReadonlySet<string>): void => {
    if (taken.size >= best.size || steps >= mostSteps) return;
    steps += 1;
    const [next, ...others] = open.filter((lists) => !lists.some((list) => isIn(list, taken)));
    if (next === undefined) best = taken;
    else for (const list of next) search(others, union(taken, list));
  };
  search(choices, new Set());
  return [...best];
}

/** What each operation leaves to choose: the scopes of its alternatives that are not held. */
function openChoices(
  operations: readonly Operation[],
  held: ReadonlySet<string>,
): (readonly Lacking[])[] {
  const choices = new Map<string, readonly Lacking[]>();
  for (const { alternatives } of operations) {
    const lacking = alternatives.map((list) => list.filter((scope) => !held.has(scope)));
    if (lacking.length === 0 || lacking.some((list) => list.length === 0)) continue;
    choices.set(JSON.stringify(lacking), lacking);
  }
  return [...choices.values()].sort((one, other) => one.length - other.length);
}

/** Takes for one operation after the other the alternative that adds the fewest scopes. */
function greedy(choices: readonly (readonly Lacking[])[]): ReadonlySet<string> {
  let taken: ReadonlySet<string> = new Set();
  for (const lists of choices) {
    const sets = lists.map((list) => union(taken, list));
    const [first, ...others] = sets;
    if (first === undefined) continue;
    taken = others.reduce((fewest, set) => (set.size < fewest.size ? set : fewest), first);
  }
  return taken;
}

function isIn(list: Lacking, taken: ReadonlySet<string>): boolean {
  return list.every((scope) => taken.has(scope));
}

function union(taken: ReadonlySet<string>, list: Lacking): ReadonlySet<string> {
  return new Set([...taken, ...list]);
}
