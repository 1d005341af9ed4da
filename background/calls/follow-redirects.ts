import { endOfDownload, isDownload, pathNotGranted } from '#core/call/call-plan.ts';
import { mediaOriginOf } from '#core/call/download-paths.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { CallInFlight } from './calls-in-flight.ts';
import type { PermittedCall } from './plan-call.ts';
import { sendCall, type SendOptions } from './send-call.ts';

/** Time limit for any response of the media service, in milliseconds. */
const mediaLimitMs = 10_000;

/** Whether the redirects of a call are followed. An OAuth 1.0a signature covers the URL: it is valid at no other. */
export function followsRedirects(plan: PermittedCall): boolean {
  return isDownload(plan) && profileOf(plan.client.type).protocol === 'oauth2';
}

/**
 * Where a response comes from whose redirects were followed.
 * @param paths - those of the page's connection
 * @throws BrokerError `redirect_refused` with the host when it is neither the site nor its media service, `not_allowed` when it is
 *   a file of the site outside the paths
 */
export async function sourceOf(
  plan: PermittedCall,
  response: Response,
  paths: readonly string[] | undefined,
): Promise<'site-file' | 'media-file' | 'other-path'> {
  const address = new URL(response.url);
  const end = endOfDownload(plan, address, paths);
  if (end !== 'other-host' && end !== 'path-not-granted') return end;
  await response.body?.cancel();
  if (end === 'path-not-granted') throw pathNotGranted();
  // The host alone: the rest of the address may be the key to the file.
  throw new BrokerError('redirect_refused', { subject: address.host });
}

/**
 * After a download that got no response: the browser hides the responses of hosts that neither gave a permission nor
 * allow every origin. Asks again without following, and resolves when the connection failed indeed.
 * @throws BrokerError `redirect_refused`, without the host, which the browser hides too
 */
export async function refuseHiddenRedirect(
  plan: PermittedCall,
  options: SendOptions,
  inFlight: CallInFlight,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<void> {
  inFlight.requirePermitted();
  const asked = sendCall(plan, { ...options, followsRedirects: false }, inFlight, world);
  const thrown: unknown = await asked.then(
    (response) => response.body?.cancel(),
    (reason: unknown) => reason,
  );
  if (toFault(thrown).code !== 'redirect_refused') return;
  const media = mediaOriginOf(plan.site);
  // Files are there as a rule. If it does not respond, its connection is what failed.
  if (media === undefined || (await responds(media, inFlight, world))) throw thrown;
}

async function responds(
  origin: string,
  { signal }: CallInFlight,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<boolean> {
  const limit = deadline(world, mediaLimitMs, signal);
  const init = {
    method: 'HEAD',
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
  } as const;
  try {
    await world.fetch(`${origin}/`, { ...init, signal: limit.signal });
    return true;
  } catch {
    return false;
  } finally {
    limit.release();
  }
}
