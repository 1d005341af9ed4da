import type { Origin } from '#core/values/origin.ts';
import { wireVersion, type Announcement } from '#wire/envelope.ts';

/** A port that another extension has open. */
export interface ExternalPort {
  readonly origin: Origin;
  readonly post: (message: unknown) => void;
  /** Closes it as soon as what was received over it has a reply. */
  readonly closeWhenIdle: () => void;
}

/** Whether other extensions are served, and the ports that they have open. */
export interface OtherExtensions {
  /** Whether they are answered at this moment: a setting. */
  isServed(): boolean;
  add(port: ExternalPort): void;
  remove(port: ExternalPort): void;
  /** Posts an event to the open ports of an extension. */
  notify(origin: Origin, event: 'grant.changed' | 'grant.ended'): void;
  /** After the setting was turned off. */
  closePorts(): void;
}

export function createOtherExtensions(isServed: () => boolean): OtherExtensions {
  const ports = new Set<ExternalPort>();
  return {
    isServed,
    add: (port) => void ports.add(port),
    remove: (port) => void ports.delete(port),
    notify: (origin, event) => {
      const announcement: Announcement = { v: wireVersion, event };
      for (const port of ports) if (port.origin === origin) port.post(announcement);
    },
    closePorts: () => {
      for (const port of ports) port.closeWhenIdle();
      ports.clear();
    },
  };
}
