import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { createActivityLog, type ActivityLog } from './activity-log.ts';
import { createCallRecorder, type CallRecorder } from './call-recorder.ts';
import {
  createConnectionRecorder,
  type ConnectedGrants,
  type ConnectionRecorder,
} from './connection-recorder.ts';
import type { KnownParties } from './page-uses.ts';

/** The activity log, which is on as the setting says. Switching it off erases it. */
export function createActivity(
  settings: Pick<SettingsStore, 'current' | 'onChanged'>,
  known: KnownParties,
  world: Pick<World, 'session' | 'local' | 'after' | 'nowMs' | 'notifyExtensionPages'>,
): ActivityLog {
  const log = createActivityLog({ isOn: () => settings.current().activityLog, known, world });
  settings.onChanged(({ activityLog }) => {
    // What cannot be erased now is erased by the next upkeep.
    if (!activityLog) log.clear().catch(() => undefined);
  });
  return log;
}

/** What puts entries into the log. */
export interface Recorders {
  readonly activity: ActivityLog;
  readonly callRecorder: CallRecorder;
  readonly connectionRecorder: ConnectionRecorder;
}

export function createRecorders(
  activity: ActivityLog,
  grants: ConnectedGrants & { of(origin: Origin): unknown },
  world: Pick<World, 'nowMs'>,
): Recorders {
  const isConnected = (origin: Origin): boolean => grants.of(origin) !== undefined;
  return {
    activity,
    callRecorder: createCallRecorder({ log: activity, isConnected, world }),
    connectionRecorder: createConnectionRecorder({ log: activity, grants, world }),
  };
}
