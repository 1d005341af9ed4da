import type { Origin } from '#core/values/origin.ts';
import type { Connections } from './connected-pages.ts';

/** What is known of the other extensions that have a port open. */
export interface ExtensionPorts {
  /** Whether calls of other extensions are served at all: a setting. */
  isServed(): boolean;
  /** Posts an event to the open ports of an extension. */
  notify(origin: Origin, event: 'grant.changed' | 'grant.ended'): void;
}

/** Other extensions need no host permission, have no content script of ours, and hear of changes over their ports. */
export function createConnectedExtensions({ isServed, notify }: ExtensionPorts): Connections {
  const nothing = (): Promise<void> => Promise.resolve();
  const told = (origin: Origin, event: 'grant.changed' | 'grant.ended'): Promise<void> => {
    notify(origin, event);
    return nothing();
  };
  return {
    // The grant stays while the setting is off, and has no effect.
    isActive: isServed,
    isAllowed: () => Promise.resolve(true),
    check: nothing,
    begin: (origin) => told(origin, 'grant.changed'),
    greet: nothing,
    notify: told,
    forget: () => undefined,
    end: (origin) => told(origin, 'grant.ended'),
    release: nothing,
    followPermission: nothing,
  };
}
