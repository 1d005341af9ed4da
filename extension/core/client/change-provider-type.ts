import {
  dataCenterFacts,
  dataCenterProducts,
  type DataCenterProduct,
} from '../provider/data-center.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderType } from '../provider/provider-type.ts';
import { isAddressAllowed } from './client-addresses.ts';
import { blankDraft, type ClientDraft } from './client-configuration.ts';

/**
 * A draft after the person chose another provider type. The members that every type has stay, presets become those of
 * the new type, and other typed values stay if the new type can have them.
 * @param earlier the draft as it was when it last had the new type; its values are restored
 */
export function draftOfType(
  draft: ClientDraft,
  type: ProviderType,
  earlier?: ClientDraft,
): ClientDraft {
  const { authorizationParameters, tokenParameters } = draft;
  return {
    ...(earlier ?? convertedDraft(draft, type)),
    name: draft.name,
    description: draft.description,
    clientId: draft.clientId,
    clientSecret: draft.clientSecret,
    type,
    ...(authorizationParameters === undefined ? {} : { authorizationParameters }),
    ...(tokenParameters === undefined ? {} : { tokenParameters }),
  };
}

/** A draft after the person chose another product. Its scopes stay if the product has all of them. */
export function draftOfProduct(draft: ClientDraft, product: DataCenterProduct): ClientDraft {
  const { scopes, defaultScope } = dataCenterFacts[product];
  const isKnown = (name: string): boolean => scopes.some(({ scope }) => scope === name);
  const keepsScopes = draft.scopes.length > 0 && draft.scopes.every(isKnown);
  return { ...draft, product, scopes: keepsScopes ? draft.scopes : [defaultScope] };
}

function convertedDraft(draft: ClientDraft, type: ProviderType): ClientDraft {
  const { apiBase, clientAuthentication } = draft;
  const to = profileOf(type);
  const isSameApi = to.sites === 'api-base' && profileOf(draft.type).sites === 'api-base';
  const isSameProduct = to.sites === 'base-url' && profileOf(draft.type).sites === 'base-url';
  const canAuthenticate =
    clientAuthentication !== undefined && to.clientAuthentication.includes(clientAuthentication);
  return {
    ...blankDraft(type),
    ...typedEndpoint(draft, type, 'authorizationEndpoint'),
    ...typedEndpoint(draft, type, 'tokenEndpoint'),
    ...fittingScopes(draft, type),
    ...(canAuthenticate ? { clientAuthentication } : {}),
    ...(isSameApi && apiBase !== undefined ? { apiBase } : {}),
    ...(isSameProduct ? productOf(draft, type) : {}),
  };
}

/** The product and its base URL, which both protocols of Data Center have. */
function productOf(draft: ClientDraft, type: ProviderType): Partial<ClientDraft> {
  const { baseUrl = '', product = dataCenterProducts[0] } = draft;
  const { scopes } =
    profileOf(type).protocol === 'oauth2'
      ? draftOfProduct(blankDraft(type), product)
      : { scopes: [] };
  return { baseUrl, product, scopes };
}

/** An endpoint that the person typed, if the new type allows it. */
function typedEndpoint(
  draft: ClientDraft,
  type: ProviderType,
  field: 'authorizationEndpoint' | 'tokenEndpoint',
): Partial<ClientDraft> {
  const from = profileOf(draft.type);
  const isDerived = [from, profileOf(type)].some(
    ({ endpointSource }) => endpointSource === 'base-url',
  );
  const text = draft[field].trim();
  const { authorizationEndpoint, tokenEndpoint } = blankDraft(type);
  const fits =
    !isDerived &&
    text !== from[field] &&
    isAddressAllowed({ type, authorizationEndpoint, tokenEndpoint, [field]: text }, field);
  return fits ? { [field]: text } : {};
}

/** Scopes stay between types that have the same scopes, except those that were presets. */
function fittingScopes(draft: ClientDraft, type: ProviderType): Partial<ClientDraft> {
  const [from, to] = [profileOf(draft.type), profileOf(type)];
  if (from.sites !== to.sites || from.protocol !== to.protocol) return {};
  if (from.defaultScopes === to.defaultScopes) return { scopes: draft.scopes };
  const typed = draft.scopes.filter((scope) => !from.defaultScopes.includes(scope));
  return { scopes: [...new Set([...to.defaultScopes, ...typed])] };
}
