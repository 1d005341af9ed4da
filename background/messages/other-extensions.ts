import type { Origin } from '#core/values/origin.ts';
import { wireVersion, type Announcement } from '#wire/envelope.ts';

/** A port that another extension has open. */
export interface ExternalPort {
  readonly origin: Origin;
  readonly post: (message: unknown) => void;
  /** Closes it as soon as what was received over it has a reply. */
  readonly closeWhenIdle: () => void;
}

/** How many ports one extension may have open. Each costs memory, and gets every event of the extension. */
export const maxExtensionPorts = 100;

/** Whether other extensions are served, and the ports that they have open. */
export interface OtherExtensions {
  /** Whether they are answered at this moment: a setting. */
  isServed(): boolean;
  /** Whether it is served: not when the extension has {@link maxExtensionPorts} others. */
  add(port: ExternalPort): boolean;
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
    add: (port) => {
      const others = [...ports].filter(({ origin }) => origin === port.origin);
      if (others.length >= maxExtensionPorts) return false;
      ports.add(port);
      return true;
    },
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
