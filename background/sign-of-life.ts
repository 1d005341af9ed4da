import type { Sign } from '../extension/core/product-check.ts';
import { isRedirect } from './api-fetch.ts';
import { deadline } from './deadline.ts';
import type { World } from './world.ts';

/** How long a sign is waited for, and what ends that before. */
export interface SignLimits {
  readonly limitMs: number;
  readonly cancelled?: AbortSignal;
}

/** What an address answers to a request without credentials, which is not followed anywhere. Never rejects. */
export async function signOf(
  url: string,
  request: RequestInit,
  { limitMs, cancelled }: SignLimits,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<Sign> {
  const limit = deadline(world, limitMs, cancelled);
  try {
    const response = await world.fetch(url, {
      ...request,
      signal: limit.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    await response.body?.cancel();
    return isRedirect(response) ? 'redirect' : response.status;
  } catch {
    // The platform does not say why: host, port, certificate and network are all the same to it.
    return limit.signal.aborted ? 'late' : 'unconnected';
  } finally {
    limit.release();
  }
}
