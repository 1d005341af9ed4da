import {
  missingEndpointFault,
  outcomeOfProbe,
  productAddressOf,
  type ProbeResult,
} from '#core/client/probe-outcome.ts';
import { identityPaths } from '#core/session/data-center-identity.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import { emptyTokenRequest, probeEndpoint } from '../provider/endpoint-probe.ts';

/** How long a probe may take, in milliseconds. Short: the person waits for the window. */
const probeMs = 5_000;

type CheckWorld = Pick<World, 'fetch' | 'after'>;

/**
 * Probes the endpoints of a Data Center product before the sign-in window opens, because the window would only show
 * some server's error page. No credentials are sent, and an inconclusive result does not stop the sign-in.
 * @returns the fault to report if the person closes the window
 * @throws BrokerError `product_unreachable`, `product_not_found`, `product_moved`, `product_too_old`, `https_required`;
 *   `flow_closed` when the person cancels
 * @see docs/adr/0016-probe-the-product-before-sign-in.md
 */
export async function checkProduct(
  client: StoredClient,
  world: CheckWorld,
  cancelled: AbortSignal,
): Promise<BrokerError | undefined> {
  const address = productAddressOf(client);
  if (address === undefined) return undefined;
  const result = await probe(client.tokenEndpoint, emptyTokenRequest(client), world, cancelled);
  const outcome = outcomeOfProbe(result, address);
  switch (outcome.is) {
    case 'usable':
      return undefined;
    case 'uncertain':
      return outcome.fault;
    case 'unusable':
      throw outcome.fault;
    case 'missing': {
      const identity = `${address.baseUrl}${identityPaths[address.product]}`;
      throw missingEndpointFault(await probe(identity, {}, world, cancelled), address);
    }
  }
}

async function probe(
  url: string,
  request: RequestInit,
  world: CheckWorld,
  cancelled: AbortSignal,
): Promise<ProbeResult> {
  const result = await probeEndpoint(url, request, { limitMs: probeMs, cancelled }, world);
  if (cancelled.aborted) throw new BrokerError('flow_closed');
  return result;
}
