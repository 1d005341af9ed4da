import { deadline } from './deadline.ts';
import type { World } from './world.ts';

/** Longest wait for a sign of life, in milliseconds. */
const signMs = 10_000;

/** Whether the host of an endpoint answers at all. Asks for nothing and sends no credentials. */
export async function isReachable(
  endpoint: string,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const limit = deadline(world, signMs);
  try {
    const { status } = await world.fetch(new URL('/', endpoint).href, {
      method: 'HEAD',
      signal: limit.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    return status < 500;
  } catch {
    // However it failed, the token endpoint of this host would not have been reached either.
    return false;
  } finally {
    limit.release();
  }
}
