import type { World } from '../platform/world.ts';
import type { Clients } from './clients.ts';

/** The page that leads a person from the installation to the first sign-in. */
export interface FirstRun {
  /** After the installation: opens the page in a tab, unless there is a client, which somebody has set up already. */
  open(): Promise<void>;
}

export function createFirstRun({
  clients,
  world,
}: {
  readonly clients: Pick<Clients, 'list'>;
  readonly world: Pick<World, 'windows'>;
}): FirstRun {
  return {
    open: async () => {
      if (clients.list().length > 0) return;
      await world.windows.openOptions('#/welcome');
    },
  };
}
