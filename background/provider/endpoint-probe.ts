import type { ProbeResult } from '#core/client/probe-outcome.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { StoredClient } from '#storage/schema.ts';
import { readRefusal } from '#oauth/oauth1/signing/problem.ts';
import { oauthError } from '#oauth/oauth2/token-error.ts';
import { readBeginning } from '#oauth/read-body.ts';
import { isServerFailure } from '#oauth/refusal-fault.ts';
import { deadline } from '../platform/deadline.ts';
import { isRedirect } from '../platform/redirect-response.ts';
import type { World } from '../platform/world.ts';

/** The timeout of a probe, and what cancels it earlier. */
export interface ProbeLimits {
  readonly limitMs: number;
  readonly cancelled?: AbortSignal;
}

/** Sends a request without credentials to an endpoint. Redirects are not followed. Never rejects. */
export function probeEndpoint(
  url: string,
  request: RequestInit,
  limits: ProbeLimits,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<ProbeResult> {
  return probed({ url, request, limits }, world, async (response) => {
    await response.body?.cancel();
    return isRedirect(response) ? 'redirect' : response.status;
  });
}

interface Probe {
  readonly url: string;
  readonly request: RequestInit;
  readonly limits: ProbeLimits;
}

async function probed<T>(
  { url, request, limits: { limitMs, cancelled } }: Probe,
  world: Pick<World, 'fetch' | 'after'>,
  judge: (response: Response, signal: AbortSignal) => Promise<T>,
): Promise<T | 'late' | 'unconnected'> {
  const limit = deadline(world, limitMs, cancelled);
  try {
    const response = await world.fetch(url, {
      ...request,
      signal: limit.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    return await judge(response, limit.signal);
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
/** As much of the response to a probe is read, in bytes. */
const maxProbeBytes = 65_536;

/**
 * Whether a token endpoint is available for refreshes: it rejects one without a token and credentials, as its protocol
 * describes it. Any other response, with whatever status, may be that of an intermediary or of another server.
 */
export async function isTokenEndpointAvailable(
  client: Pick<StoredClient, 'type' | 'tokenEndpoint'>,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const { type, tokenEndpoint: url } = client;
  const isOauth1 = profileOf(type).protocol === 'oauth1';
  const request = isOauth1 ? emptyTokenRequest(client) : emptyRefresh(client);
  const probe = { url, request, limits: { limitMs: probeMs } };
  const result = await probed(probe, world, async (response, signal) => {
    const { bytes } = await readBeginning(response, { maxBytes: maxProbeBytes, signal });
    const text = new TextDecoder().decode(bytes);
    return isOauth1 ? isRefusal(response, text) : isRejection(response, text);
  });
  return result === true;
}

/** A refresh without a token, because an intermediary may respond to refreshes alone. */
function emptyRefresh(client: Pick<StoredClient, 'type'>): RequestInit {
  const empty = emptyTokenRequest(client);
  const grant = { grant_type: 'refresh_token' };
  const form = new URLSearchParams(grant).toString();
  return { ...empty, body: empty.body === '' ? form : JSON.stringify(grant) };
}

function isRejection({ status }: Response, text: string): boolean {
  const error = oauthError(text);
  return error !== undefined && status !== 429 && !isServerFailure({ status, error });
}

function isRefusal({ headers }: Response, text: string): boolean {
  const wwwAuthenticate = headers.get('www-authenticate') ?? undefined;
  return readRefusal({ wwwAuthenticate, text }) !== undefined;
}
