import type { StoredClient } from '../extension/storage/schema.ts';
import { emptyTokenRequest } from './empty-token-request.ts';
import { signOf } from './sign-of-life.ts';
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
  const request = emptyTokenRequest(client);
  const sign = await signOf(client.tokenEndpoint, request, { limitMs: signMs }, world);
  // However it failed, a refresh would have failed too.
  return typeof sign === 'number' && sign >= 400 && sign < 500 && sign !== 429;
}
