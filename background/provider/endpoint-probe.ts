import type { ProbeResult } from '#core/client/probe-outcome.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { StoredClient } from '#storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import { isRedirect } from '../platform/redirect-response.ts';
import type { World } from '../platform/world.ts';

/** The timeout of a probe, and what cancels it earlier. */
export interface ProbeLimits {
  readonly limitMs: number;
  readonly cancelled?: AbortSignal;
}

/** Sends a request without credentials to an endpoint. Redirects are not followed. Never rejects. */
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
    // `fetch` does not report the cause: host, port, certificate and network errors are all the same.
    return limit.signal.aborted ? 'late' : 'unconnected';
  } finally {
    limit.release();
  }
}

/**
 * A token request without parameters and credentials, which every token endpoint rejects. It is encoded like a refresh
 * request, because a provider may reject the other encoding with a server error.
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

/** Longest wait for the response to a probe, in milliseconds. */
const probeMs = 10_000;

/** Whether a token endpoint is available: it rejects an empty request, and no intermediary answers in its place. */
export async function isTokenEndpointAvailable(
  client: Pick<StoredClient, 'type' | 'tokenEndpoint'>,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const request = emptyTokenRequest(client);
  const result = await probeEndpoint(client.tokenEndpoint, request, { limitMs: probeMs }, world);
  // With any other result a refresh would fail too.
  return typeof result === 'number' && result >= 400 && result < 500 && result !== 429;
}
