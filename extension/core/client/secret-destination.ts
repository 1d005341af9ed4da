import type { ClientConfiguration } from './client-configuration.ts';

/**
 * The members that decide where the secrets of a configuration are sent. Encrypted secrets are bound to their values in
 * this order. Never reorder or remove one, and never change one in a migration: stored secrets could not be decrypted.
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

/** The part of a configuration that decides where its secrets are sent. */
export type Destination = Pick<ClientConfiguration, (typeof destinationMembers)[number]>;

/**
 * All endpoints that may receive the client secret and the tokens of a configuration, as one string. It has the stored
 * members only. Endpoints of the provider's profile may change with a version of Threelo; the type represents them.
 */
export function destinationOf(destination: Destination): string {
  return JSON.stringify(destinationMembers.map((name) => destination[name] ?? null));
}
