import { profileOf } from '../provider/provider-profile.ts';
import type { ClientConfiguration } from './client-configuration.ts';

/** The two hosts between which a sign-in is divided. */
interface EndpointHosts {
  readonly authorization: string;
  readonly token: string;
}

/**
 * The hosts of the two endpoints when the person's or a file's URLs name different ones: the code, the client secret
 * and the tokens then go to another host than the one that asks for consent. Undefined when they are the same, or when
 * the provider type allows these hosts alone.
 */
export function differentEndpointHosts({
  type,
  authorizationEndpoint,
  tokenEndpoint,
}: Pick<ClientConfiguration, 'type' | 'authorizationEndpoint' | 'tokenEndpoint'>):
  EndpointHosts | undefined {
  const isFromPerson = profileOf(type).endpointSource === 'person';
  if (!isFromPerson || ![authorizationEndpoint, tokenEndpoint].every((url) => URL.canParse(url)))
    return undefined;
  const authorization = new URL(authorizationEndpoint).host;
  const token = new URL(tokenEndpoint).host;
  return authorization === token ? undefined : { authorization, token };
}
