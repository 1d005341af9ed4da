import type { World } from '../platform/world.ts';
import type { Clients } from './clients.ts';

/** The page that leads a person from the installation to the first sign-in. */
export interface FirstRun {
  /**
   * After the installation: opens the page in a tab, unless there is a client, which somebody has set up already. Waits for the
   * organization's policy, which a browser may report late.
   */
  open(): Promise<void>;
}

export function createFirstRun({
  clients,
  policySettled,
  world,
}: {
  readonly clients: Pick<Clients, 'list'>;
  /** Resolves when the clients of the policy are there, or none is to be expected. */
  readonly policySettled: () => Promise<void>;
  readonly world: Pick<World, 'windows'>;
}): FirstRun {
  return {
    open: async () => {
      if (clients.list().length === 0) await policySettled();
      if (clients.list().length > 0) return;
      await world.windows.openOptions('#/welcome');
    },
  };
}
