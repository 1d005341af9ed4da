import { readBaseUrl } from '../../client/base-url.ts';
import { normaliseDraft, type ClientDraft } from '../../client/client-configuration.ts';
import { isReservedParameter } from '../../client/extra-parameters.ts';
import { dataCenterProducts } from '../../provider/data-center.ts';
import { profileOf } from '../../provider/provider-profile.ts';
import { providerTypes, type ProviderProfile } from '../../provider/provider-type.ts';
import { reveal } from '../../values/secret.ts';
import { checkedDraft, type PostmanDraft } from './draft-problems.ts';
import type { ExtraParameter } from './field-reader.ts';
import type { PostmanOauth2Fields } from './oauth2-fields.ts';

/**
 * Creates the draft of an OAuth 2.0 client of a Postman collection. The provider type follows from the authorization
 * endpoint.
 * @param name a name that no other client has
 */
export function draftOfPostman(name: string, fields: PostmanOauth2Fields): PostmanDraft {
  const provider = providerOf(fields.authorizationEndpoint);
  const profile = profileOf(provider.type);
  const authorization = splitParameters(fields.extra.authorization, profile);
  // A configuration has the same parameters for all token requests; those of the exchange have precedence.
  const token = splitParameters([...fields.extra.refresh, ...fields.extra.token], profile);
  const { clientSecret, clientAuthentication } = fields;
  const isSupported = profile.clientAuthentication.includes(clientAuthentication);
  const draft = normaliseDraft({
    ...provider,
    name,
    description: '',
    clientId: fields.clientId,
    authorizationEndpoint: fields.authorizationEndpoint,
    tokenEndpoint: fields.tokenEndpoint,
    scopes: fields.scopes,
    ...(clientSecret === undefined ? {} : { clientSecret: reveal(clientSecret) }),
    ...(isSupported ? { clientAuthentication } : {}),
    authorizationParameters: authorization.kept,
    tokenParameters: token.kept,
  });
  return checkedDraft(draft, [
    ...authorization.leftOut,
    ...token.leftOut,
    ...(fields.refreshEndpoint === undefined ? [] : ['refreshTokenUrl']),
  ]);
}

type Provider = Pick<ClientDraft, 'type' | 'baseUrl' | 'product'>;

function providerOf(authorizationEndpoint: string): Provider {
  if (!URL.canParse(authorizationEndpoint)) return { type: 'generic' };
  const { host } = new URL(authorizationEndpoint);
  const ofHost = providerTypes.find((type) => profileOf(type).endpointHosts.includes(host));
  return ofHost === undefined ? dataCenterOrGeneric(authorizationEndpoint) : { type: ofHost };
}

/** Data Center only if the URL names the product, because the meaning of scopes depends on the product. */
function dataCenterOrGeneric(authorizationEndpoint: string): Provider {
  const isDataCenter = /\/rest\/oauth2\/(?:latest|1\.0)\/authorize$/u.test(authorizationEndpoint);
  const read = readBaseUrl(authorizationEndpoint, { isHttpAllowed: false });
  if (!isDataCenter || 'problem' in read) return { type: 'generic' };
  const words = read.baseUrl.toLowerCase().split(/[^a-z]+/u);
  const named = dataCenterProducts.filter((product) =>
    words.some((word) => word.startsWith(product)),
  );
  const [product] = named;
  return product === undefined || named.length > 1
    ? { type: 'generic' }
    : { type: 'data-center', baseUrl: read.baseUrl, product };
}

/** Removes the parameters that the provider type sends by itself; `leftOut` names those that a configuration may not set. */
function splitParameters(
  parameters: readonly ExtraParameter[],
  profile: ProviderProfile,
): { kept: Record<string, string>; leftOut: string[] } {
  const isKept = ([name]: ExtraParameter): boolean => !isReservedParameter(name, profile);
  const isSentByDefault = ([name, value]: ExtraParameter): boolean =>
    profile.authorizationParameters[name] === value ||
    (profile.hasAudienceParameter && name === 'audience');
  const additional = parameters.filter((parameter) => !isSentByDefault(parameter));
  return {
    kept: Object.fromEntries(additional.filter(isKept)),
    leftOut: additional.filter((parameter) => !isKept(parameter)).map(([name]) => name),
  };
}
