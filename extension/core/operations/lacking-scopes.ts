import type { Operation } from './operation-table.ts';

/**
 * The scopes that a session lacks for an operation: those of the alternative of which it lacks the fewest, the first of
 * several. None when it holds all scopes of one alternative, and for an operation that is closed to 3LO apps.
 */
export function lackingScopes(
  { alternatives }: Operation,
  granted: readonly string[],
): readonly string[] {
  const held = new Set(granted);
  const lacking = alternatives.map((list) => list.filter((scope) => !held.has(scope)));
  return lacking.reduce(
    (fewest, list) => (list.length < fewest.length ? list : fewest),
    lacking[0] ?? [],
  );
}

/** Whether 3LO apps may not call an operation, whatever their scopes. */
export function isClosedTo3lo({ alternatives }: Operation): boolean {
  return alternatives.length === 0;
}
