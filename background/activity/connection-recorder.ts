import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { ActivityLog } from './activity-log.ts';

/** Records which origins are connected and disconnected. */
export interface ConnectionRecorder {
  /** The page is about to end its connection. */
  endsByPage(origin: Origin): void;
}

/** The grants, as far as they tell which origins are connected. */
export interface ConnectedGrants {
  list(): readonly { readonly origin: Origin }[];
  onChanged(listener: () => void): void;
  onEnded(listener: (origin: Origin) => void): void;
}

interface Dependencies {
  readonly log: Pick<ActivityLog, 'record'>;
  readonly grants: ConnectedGrants;
  readonly world: Pick<World, 'nowMs'>;
}

export function createConnectionRecorder({ log, grants, world }: Dependencies): ConnectionRecorder {
  const origins = (): Origin[] => grants.list().map(({ origin }) => origin);
  const connected = new Set(origins());
  const leaving = new Set<Origin>();
  const record = (origin: Origin, kind: 'connected' | 'disconnected'): void => {
    const isByPage = leaving.delete(origin);
    const entry = { kind, origin, atMs: world.nowMs(), result: 'ok' } as const;
    log.record(isByPage ? { ...entry, isByPage } : entry);
  };
  grants.onChanged(() => {
    for (const origin of origins()) {
      if (connected.has(origin)) continue;
      connected.add(origin);
      record(origin, 'connected');
    }
  });
  grants.onEnded((origin) => {
    if (connected.delete(origin)) record(origin, 'disconnected');
  });
  return {
    endsByPage: (origin) => {
      if (connected.has(origin)) leaving.add(origin);
    },
  };
}
