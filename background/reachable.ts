import type { StoredClient } from '../extension/storage/schema.ts';
import { deadline } from './deadline.ts';
import { emptyTokenRequest } from './empty-token-request.ts';
import type { World } from './world.ts';

/** Longest wait for a sign of life, in milliseconds. */
const signMs = 10_000;

/**
 * Whether a token endpoint does its work: an empty request is refused there, and not by something in between.
 * Nothing is asked for and no credentials are sent.
 */
export async function isReachable(
  client: Pick<StoredClient, 'type' | 'tokenEndpoint'>,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const limit = deadline(world, signMs);
  try {
    const { status } = await world.fetch(client.tokenEndpoint, {
      ...emptyTokenRequest(client),
      signal: limit.signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
    return status >= 400 && status < 500 && status !== 429;
  } catch {
    // However it failed, a refresh would have failed too.
    return false;
  } finally {
    limit.release();
  }
}
