import type { ClientConfiguration } from './client-configuration.ts';

/**
 * What decides where the secrets of a configuration go. Sealed texts are bound to it in this order, so nothing of it
 * is ever moved or taken away, and a migration that changes one of these members loses every sign-in.
 */
const destinationMembers = [
  'type',
  'clientId',
  'authorizationEndpoint',
  'tokenEndpoint',
  'requestTokenEndpoint',
  'revocationEndpoint',
  'userinfoEndpoint',
  'baseUrl',
  'apiBase',
] as const;

/** A configuration as far as it decides where its secrets go. */
export type SecretDestination = Pick<ClientConfiguration, (typeof destinationMembers)[number]>;

/**
 * One text for all that may be sent the client secret and the tokens of a configuration. It is made of what was saved
 * and not of what a provider's profile adds, which may change with Threelo; the type stands for that.
 */
export function destinationOf(destination: SecretDestination): string {
  return JSON.stringify(destinationMembers.map((name) => destination[name] ?? null));
}
