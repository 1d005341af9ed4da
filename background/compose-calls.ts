import { createBroker } from './calls/broker.ts';
import { createConsoleGrants } from './console/console-grants.ts';
import { createApiConsole } from './console/console.ts';
import { createPermits } from './permits/permits.ts';
import type { World } from './platform/world.ts';
import { recordingFirstUse } from './tokens/record-first-use.ts';

type Dependencies = Parameters<typeof createBroker>[0] &
  Pick<Parameters<typeof recordingFirstUse>[0], 'access' | 'onFirstUse'> & {
    readonly world: World;
  };

/** The services that send calls or foresee them: for connected pages and other extensions, and for the console. */
export function composeCalls({ grants: ofPages, ...given }: Dependencies) {
  const { sessions, world } = given;
  const dependencies = { ...given, tokens: recordingFirstUse(given) };
  // The call recorder knows the grants of pages alone: it records no call of the console.
  const grants = createConsoleGrants(ofPages, sessions, world);
  const broker = createBroker({ ...dependencies, grants });
  const permits = createPermits({ ...dependencies, grants });
  const apiConsole = createApiConsole({ ...dependencies, grants, broker, permits });
  return { broker, permits, apiConsole };
}
