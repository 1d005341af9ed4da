import type { ClientDraft } from '#core/client/client-configuration.ts';
import { dataCenterFacts } from '#core/provider/data-center.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';

/** The provider type; for a Data Center client also the product and its base URL. */
export function typeLabel({
  type,
  product,
  baseUrl,
}: Pick<ClientDraft, 'type' | 'product' | 'baseUrl'>): string {
  const { label } = providerTexts[type];
  if (product === undefined || baseUrl === undefined) return label;
  const parts = [
    dataCenterFacts[product].label,
    ...(profileOf(type).protocol === 'oauth1' ? ['OAuth 1.0a'] : []),
  ];
  return [...parts, baseUrl].join(' · ');
}
