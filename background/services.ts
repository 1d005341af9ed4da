import type { Asks } from './asks.ts';
import type { Broker } from './broker.ts';
import type { Clients } from './clients.ts';
import type { Diagnose } from './diagnose.ts';
import type { Discover } from './discover.ts';
import type { Grants } from './grants.ts';
import type { Projector } from './overview.ts';
import type { PageAccess } from './page-access.ts';
import type { Sessions } from './sessions.ts';
import type { SettingsStore } from './settings.ts';
import type { SignIn } from './sign-in.ts';
import type { Store } from './store.ts';
import type { Transfers } from './transfers.ts';
import type { World } from './world.ts';

/** The services that the commands are answered by. */
export interface Services {
  readonly clients: Clients;
  readonly discover: Discover;
  readonly diagnose: Diagnose;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly grants: Grants;
  readonly asks: Asks;
  readonly pageAccess: PageAccess;
  readonly broker: Broker;
  readonly transfers: Transfers;
  readonly settings: SettingsStore;
  readonly projector: Projector;
  readonly store: Store;
  readonly world: Pick<World, 'tellOwnPages' | 'permissions' | 'pages' | 'withKeepAlive'>;
}

/** Resolves as the work does, after the extension's pages were told to look again. */
export async function changed<T>({ world }: Pick<Services, 'world'>, work: Promise<T>): Promise<T> {
  const value = await work;
  world.tellOwnPages();
  return value;
}
