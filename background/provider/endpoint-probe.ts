import type { ProbeResult } from '../../extension/core/client/product-check.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import { isRedirect } from '../platform/redirect.ts';
import type { World } from '../platform/world.ts';

/** How long a sign is waited for, and what ends that before. */
export interface ProbeLimits {
  readonly limitMs: number;
  readonly cancelled?: AbortSignal;
}

/** What an address answers to a request without credentials, which is not followed anywhere. Never rejects. */
export async function probeEndpoint(
  url: string,
  request: RequestInit,
  { limitMs, cancelled }: ProbeLimits,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<ProbeResult> {
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

/**
 * A token request that asks for nothing and has no credentials: every token endpoint refuses it. It is encoded as a
 * refresh is, for a provider may answer the other encoding with a fault of its own.
 */
export function emptyTokenRequest({ type }: Pick<StoredClient, 'type'>): RequestInit {
  const isJson = profileOf(type).tokenRequestFormat === 'json';
  return {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
    },
    body: isJson ? '{}' : '',
  };
}

/** Longest wait for a sign of life, in milliseconds. */
const probeMs = 10_000;

/**
 * Whether a token endpoint does its work: an empty request is refused there, and not by something in between.
 * Nothing is asked for and no credentials are sent.
 */
export async function isTokenEndpointAvailable(
  client: Pick<StoredClient, 'type' | 'tokenEndpoint'>,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const request = emptyTokenRequest(client);
  const sign = await probeEndpoint(client.tokenEndpoint, request, { limitMs: probeMs }, world);
  // However it failed, a refresh would have failed too.
  return typeof sign === 'number' && sign >= 400 && sign < 500 && sign !== 429;
}
