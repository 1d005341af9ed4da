import type { ClientDraft } from '../extension/core/client-configuration.ts';
import { dataCenterFacts } from '../extension/core/data-center.ts';
import { profileOf } from '../extension/core/provider-profile.ts';

/** The kind of provider, and of a Data Center product which one and where. */
export function typeLabel({
  type,
  product,
  baseUrl,
}: Pick<ClientDraft, 'type' | 'product' | 'baseUrl'>): string {
  const { label } = profileOf(type);
  return product === undefined || baseUrl === undefined
    ? label
    : `${dataCenterFacts[product].label} · ${baseUrl}`;
}
