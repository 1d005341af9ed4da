import { readBaseUrl } from '../../client/base-url.ts';
import {
  draftOf,
  normaliseDraft,
  type ClientDraft,
  type DraftSecret,
} from '../../client/client-configuration.ts';
import { isReservedParameter } from '../../client/extra-parameters.ts';
import { dataCenterProducts, type DataCenterProduct } from '../../provider/data-center.ts';
import { profileOf } from '../../provider/provider-profile.ts';
import {
  providerTypes,
  type ProviderProfile,
  type ProviderType,
} from '../../provider/provider-type.ts';
import { reveal } from '../../values/secret.ts';
import { freeName } from '../free-name.ts';
import { checkedDraft, type PostmanDraft } from './draft-problems.ts';
import type { ExtraParameter } from './field-reader.ts';
import type { PostmanOauth2Fields } from './oauth2-fields.ts';

/**
 * Makes a configuration of what Postman has; its kind follows from the authorization endpoint.
 * @param name what it should be called; a number is added when that is taken
 */
export function draftOfPostman(
  name: string,
  fields: PostmanOauth2Fields,
  takenNames: readonly string[],
): PostmanDraft {
  const kind = kindOf(fields.authorizationEndpoint);
  const profile = profileOf(kind.type);
  const authorization = admitted(fields.extra.authorization, profile);
  // A configuration has one set for all token requests; what the exchange says wins.
  const token = admitted([...fields.extra.refresh, ...fields.extra.token], profile);
  const { authorizationEndpoint, tokenEndpoint, clientId, clientSecret, scopes } = fields;
  const { clientAuthentication } = fields;
  const isChoice = profile.clientAuthentication.includes(clientAuthentication);
  const draft = normaliseDraft({
    ...kind,
    name: freeName(name, takenNames),
    description: '',
    ...{ clientId, authorizationEndpoint, tokenEndpoint, scopes },
    ...(clientSecret === undefined ? {} : { clientSecret: reveal(clientSecret) }),
    ...(isChoice ? { clientAuthentication } : {}),
    authorizationParameters: authorization.kept,
    tokenParameters: token.kept,
  });
  return checkedDraft(draft, { takenNames, further: [] }, [
    ...authorization.leftOut,
    ...token.leftOut,
    ...(fields.refreshEndpoint === undefined ? [] : ['refreshTokenUrl']),
  ]);
}

/** A draft as it may be shown. */
export function withoutSecret(draft: ClientDraft): Omit<ClientDraft, DraftSecret> {
  return draftOf(draft);
}

type Kind = Pick<ClientDraft, 'type' | 'baseUrl' | 'product'>;

function kindOf(authorizationEndpoint: string): Kind {
  if (!URL.canParse(authorizationEndpoint)) return { type: 'generic' };
  const { host } = new URL(authorizationEndpoint);
  const ofHost = providerTypes.find((type: ProviderType) =>
    profileOf(type).endpointHosts.includes(host),
  );
  return ofHost === undefined ? ownKindOf(authorizationEndpoint) : { type: ofHost };
}

/** A Data Center product that says in its address which one it is; else nobody knows what its scopes mean. */
function ownKindOf(authorizationEndpoint: string): Kind {
  const isDataCenter = /\/rest\/oauth2\/(?:latest|1\.0)\/authorize$/u.test(authorizationEndpoint);
  const read = readBaseUrl(authorizationEndpoint, { isHttpAllowed: false });
  if (!isDataCenter || 'problem' in read) return { type: 'generic' };
  const words = read.baseUrl.toLowerCase().split(/[^a-z]+/u);
  const named = dataCenterProducts.filter((product: DataCenterProduct) =>
    words.some((word) => word.startsWith(product)),
  );
  const [product] = named;
  return product === undefined || named.length > 1
    ? { type: 'generic' }
    : { type: 'data-center', baseUrl: read.baseUrl, product };
}

/** The parameters that a configuration may have and its kind does not send anyway, and the names of the others. */
function admitted(
  parameters: readonly ExtraParameter[],
  profile: ProviderProfile,
): { kept: Record<string, string>; leftOut: string[] } {
  const isKept = ([name]: ExtraParameter): boolean => !isReservedParameter(name, profile);
  const isSentAnyway = ([name, value]: ExtraParameter): boolean =>
    profile.authorizationParameters[name] === value ||
    (profile.hasAudienceParameter && name === 'audience');
  const wanted = parameters.filter((parameter) => !isSentAnyway(parameter));
  return {
    kept: Object.fromEntries(wanted.filter(isKept)),
    leftOut: wanted.filter((parameter) => !isKept(parameter)).map(([name]) => name),
  };
}
