import type { Origin } from '#core/values/origin.ts';
import type { Connections } from './connected-pages.ts';

/** What is known of the other extensions that have a port open. */
export interface ExtensionPorts {
  /** Whether calls of other extensions are served at all: a setting. */
  isServed(): boolean;
  /** Posts an event to the open ports of an extension. */
  notify(origin: Origin, event: 'grant.changed' | 'grant.ended'): void;
}

interface Dependencies extends ExtensionPorts {
  /** Ends the calls and the questions of a grant that is suspended from now on. */
  readonly onSuspended: (origin: Origin) => void;
  /** Whether the person has paused a grant. */
  readonly isPaused: (origin: Origin) => boolean;
}

/** Other extensions need no host permission, have no content script of ours, and hear of changes over their ports. */
export function createConnectedExtensions(dependencies: Dependencies): Connections {
  const { isServed, notify, onSuspended, isPaused } = dependencies;
  /** Those whose ports know that they are paused. */
  const paused = new Set<Origin>();
  const nothing = (): Promise<void> => Promise.resolve();
  const told = (origin: Origin, event: 'grant.changed' | 'grant.ended'): Promise<void> => {
    notify(origin, event);
    return nothing();
  };
  return {
    // The grant stays while the setting is off, and has no effect.
    isActive: (origin) => isServed() && !isPaused(origin),
    isAllowed: () => Promise.resolve(true),
    check: nothing,
    begin: (origin) => told(origin, 'grant.changed'),
    greet: nothing,
    notify: (origin, event) => (isPaused(origin) ? nothing() : told(origin, event)),
    forget: (origin) => void paused.delete(origin),
    end: (origin) => told(origin, 'grant.ended'),
    release: nothing,
    follow: (origin) => {
      if (isPaused(origin) === paused.has(origin)) return nothing();
      if (paused.delete(origin)) return told(origin, 'grant.changed');
      paused.add(origin);
      onSuspended(origin);
      return told(origin, 'grant.ended');
    },
  };
}
