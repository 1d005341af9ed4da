import type { World } from './world.ts';

/** Those of the match patterns whose hosts the browser allows. Each is asked for by itself: together they get one answer. */
export async function heldPatterns(
  patterns: readonly string[],
  permissions: Pick<World['permissions'], 'has'>,
): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(patterns.map((pattern) => permissions.has([pattern])));
  return new Set(patterns.filter((_, at) => answers[at]));
}
