import {
  faultOfMissing,
  judgeTokenEndpoint,
  placeOf,
  type ProbeResult,
} from '../../extension/core/client/product-check.ts';
import { identityPaths } from '../../extension/core/session/data-center-identity.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import type { World } from '../platform/world.ts';
import { emptyTokenRequest } from '../provider/endpoint-probe.ts';
import { probeEndpoint } from '../provider/endpoint-probe.ts';

/** Longest wait for a sign of the product, in milliseconds: the person waits for the window. */
const probeMs = 5_000;

type CheckWorld = Pick<World, 'fetch' | 'after'>;

/**
 * Asks a Data Center product for a sign before the sign-in window opens, where the person would see no more than an
 * error page of some server. No credentials are sent, and what is unclear lets the sign-in go on.
 * @returns what to tell if the person closes the window all the same
 * @throws BrokerError `product_unreachable`, `product_not_found`, `product_moved`, `product_too_old`, `https_required`;
 *   `flow_closed` when the person gives up
 * @see docs/adr/0016-a-sign-of-the-product.md
 */
export async function checkProduct(
  client: StoredClient,
  world: CheckWorld,
  cancelled: AbortSignal,
): Promise<BrokerError | undefined> {
  const place = placeOf(client);
  if (place === undefined) return undefined;
  const sign = await askFor(client.tokenEndpoint, emptyTokenRequest(client), world, cancelled);
  const verdict = judgeTokenEndpoint(sign, place);
  switch (verdict.is) {
    case 'good':
      return undefined;
    case 'doubtful':
      return verdict.fault;
    case 'wrong':
      throw verdict.fault;
    case 'missing': {
      const identity = `${place.baseUrl}${identityPaths[place.product]}`;
      throw faultOfMissing(await askFor(identity, {}, world, cancelled), place);
    }
  }
}

async function askFor(
  url: string,
  request: RequestInit,
  world: CheckWorld,
  cancelled: AbortSignal,
): Promise<ProbeResult> {
  const sign = await probeEndpoint(url, request, { limitMs: probeMs, cancelled }, world);
  if (cancelled.aborted) throw new BrokerError('flow_closed');
  return sign;
}
