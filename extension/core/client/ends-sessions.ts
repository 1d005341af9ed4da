import type { ClientConfiguration } from './client-configuration.ts';

/** What makes a configuration another one in the eyes of its provider: sessions of the one are none of the other. */
const identity = ['type', 'clientId', 'authorizationEndpoint', 'tokenEndpoint'] as const;

/** Whether an edit ends the sessions that were made before it. */
export function endsSessions(
  before: Pick<ClientConfiguration, (typeof identity)[number]>,
  after: Pick<ClientConfiguration, (typeof identity)[number]>,
): boolean {
  return identity.some((member) => before[member] !== after[member]);
}
