import type { ClientConfiguration } from './client-configuration.ts';

/** A change to one of these makes a different client for the provider: existing sessions cannot be refreshed with it. */
const identity = ['type', 'clientId', 'authorizationEndpoint', 'tokenEndpoint'] as const;

/** Whether an edit of a configuration ends its sessions. */
export function endsSessions(
  before: Pick<ClientConfiguration, (typeof identity)[number]>,
  after: Pick<ClientConfiguration, (typeof identity)[number]>,
): boolean {
  return identity.some((member) => before[member] !== after[member]);
}
