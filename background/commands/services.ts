import type { About } from '../about/about.ts';
import type { ActivityLog } from '../activity/activity-log.ts';
import type { ConnectionRecorder } from '../activity/connection-recorder.ts';
import type { Broker } from '../calls/broker.ts';
import type { CallsInFlight } from '../calls/calls-in-flight.ts';
import type { Clients } from '../clients/clients.ts';
import type { ApiConsole } from '../console/console.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageAccess } from '../grants/page-access.ts';
import type { Questions } from '../grants/questions.ts';
import type { Permits } from '../permits/permits.ts';
import type { World } from '../platform/world.ts';
import type { Discover } from '../provider/discovery.ts';
import type { Governor } from '../quota/governor.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { Store } from '../storage/store.ts';
import type { Diagnose } from './signature-check.ts';
import type { Lists } from '../lists/lists.ts';
import type { Transfer } from '../transfer/transfer.ts';
import type { TabMarks } from '../upkeep/tab-marks.ts';
import type { Views } from '../views/views.ts';

/** The services that the commands call. */
export interface Services {
  readonly clients: Clients;
  readonly discover: Discover;
  readonly diagnose: Diagnose;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly grants: Grants;
  readonly questions: Questions;
  readonly pageAccess: PageAccess;
  readonly broker: Broker;
  readonly permits: Permits;
  readonly apiConsole: ApiConsole;
  readonly callsInFlight: CallsInFlight;
  readonly governor: Governor;
  readonly activity: ActivityLog;
  readonly connectionRecorder: ConnectionRecorder;
  readonly settings: SettingsStore;
  readonly views: Views;
  readonly about: About;
  /** Erases everything. */
  readonly erase: () => Promise<void>;
  readonly transfer: Transfer;
  readonly lists: Lists;
  readonly store: Store;
  readonly tabMarks: TabMarks;
  readonly world: Pick<World, 'notifyExtensionPages' | 'withKeepAlive'>;
}

/** Resolves like `work`, after it notified the extension's pages of the change. */
export async function thenNotify<T>(
  { world }: Pick<Services, 'world'>,
  work: Promise<T>,
): Promise<T> {
  const value = await work;
  world.notifyExtensionPages();
  return value;
}

/** The reply of a command that has no value. */
export async function done(work: Promise<unknown>): Promise<null> {
  await work;
  return null;
}
