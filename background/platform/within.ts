import type { World } from './world.ts';

/** The result of the work; undefined when it has none within this time, in milliseconds. The work learns whether the time is over. */
export async function within<T>(
  ms: number,
  work: (isOver: () => boolean) => Promise<T>,
  { after }: Pick<World, 'after'>,
): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  let isOver = false;
  const release = after(ms, () => {
    isOver = true;
    resolve(undefined);
  });
  try {
    return await Promise.race([work(() => isOver), over]);
  } finally {
    release();
  }
}
