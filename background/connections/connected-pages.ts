import { isExtension, type Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';

/** What grants of one kind of grantee need beside their records. */
export interface Connections {
  /** Whether a grant has effect at this moment. */
  isActive(origin: Origin): boolean;
  /** Whether the browser allows a grant. */
  isAllowed(origin: Origin): Promise<boolean>;
  /** Before anything is served: suspends a grant that is paused or that the browser withholds. Removes nothing yet. */
  check(origin: Origin): Promise<void>;
  /** The person has made a grant that the browser allows, or replaced an earlier one, which is suspended no more. */
  begin(origin: Origin, isNew: boolean): Promise<void>;
  /** A document or a port of the grantee asks whether it is connected, and is. */
  greet(document: ConnectedDocument): Promise<void>;
  notify(origin: Origin, event: 'grant.changed'): Promise<void>;
  /** A grant has ended: from now on it is not suspended either. */
  forget(origin: Origin): void;
  /** Removes what the browser holds for a grant that has ended. */
  end(origin: Origin): Promise<void>;
  /** Removes what the browser holds for a grant that was not made. */
  release(origin: Origin): Promise<void>;
  /** Lets a grant have effect if the browser allows it and the person has not paused it, else suspends it. */
  follow(origin: Origin): Promise<void>;
}

/** Who asks whether it is connected. Only pages have a tab. */
export interface ConnectedDocument {
  readonly origin: Origin;
  readonly documentId: string;
  readonly tabId?: number;
}

interface Dependencies {
  /** Ends the calls and the questions of a grant that is suspended from now on. */
  readonly onSuspended: (origin: Origin) => void;
  /** The grantees that have a grant. */
  readonly granted: () => readonly Origin[];
  /** Whether the person has paused a grant. */
  readonly isPaused: (origin: Origin) => boolean;
  /** Origins whose host permission is needed without a grant: the hosts of clients. */
  readonly clientOrigins: () => readonly Origin[];
  readonly world: Pick<World, 'permissions' | 'pages' | 'notifyPages'>;
}

/**
 * Pages have a host permission, content scripts and tabs. In Chrome the browser reports a removed permission also when the
 * person lets the extension run _on click_ only, so a grant whose permission is withheld is suspended and never removed.
 */
export function createConnectedPages(dependencies: Dependencies): Connections {
  const { onSuspended, isPaused } = dependencies;
  const { permissions, pages, notifyPages } = dependencies.world;
  const suspended = new Set<Origin>();
  const isAllowed = (origin: Origin): Promise<boolean> =>
    permissions.has([permissions.patternOf(origin)]);
  const suspend = async (origin: Origin): Promise<void> => {
    if (!suspended.has(origin)) {
      suspended.add(origin);
      onSuspended(origin);
    }
    if (await pages.stopInjecting(origin)) await notifyPages(origin, 'grant.ended');
  };
  const resume = async (origin: Origin): Promise<void> => {
    suspended.delete(origin);
    const isNew = await pages.keepInjecting(origin);
    // Suspended again meanwhile.
    if (suspended.has(origin)) await pages.stopInjecting(origin);
    else if (isNew) await notifyPages(origin, 'grant.changed');
  };
  const release = (origin: Origin): Promise<void> => removeHostPermission(origin, dependencies);
  return {
    isActive: (origin) => !suspended.has(origin),
    isAllowed,
    check: async (origin) => {
      // What the browser does not answer is not served.
      if (isPaused(origin) || !(await isAllowed(origin).catch(() => false))) suspended.add(origin);
    },
    begin: async (origin, isNew) => {
      // The organization's policy may have blocked it while it was stored.
      if (isPaused(origin)) return suspend(origin);
      suspended.delete(origin);
      await pages.inject(origin);
      if (!isNew) await notifyPages(origin, 'grant.changed');
    },
    greet: async ({ origin, tabId, documentId }) => {
      if (tabId !== undefined && permissions.isWide(origin))
        await pages.injectShim({ tabId, documentId });
    },
    notify: async (origin, event) => {
      if (!suspended.has(origin)) await notifyPages(origin, event);
    },
    forget: (origin) => void suspended.delete(origin),
    end: async (origin) => {
      await pages.stopInjecting(origin);
      await notifyPages(origin, 'grant.ended');
      await release(origin);
    },
    release,
    follow: async (origin) => {
      // Before anything is awaited: a call that is being authorized finds no grant.
      if (isPaused(origin)) return suspend(origin);
      const isAllowedNow = await isAllowed(origin);
      // Ended meanwhile.
      if (!dependencies.granted().includes(origin)) return;
      await (isAllowedNow && !isPaused(origin) ? resume(origin) : suspend(origin));
    },
  };
}

/** Removes the host permission, unless another origin that needs it has the same match pattern. */
async function removeHostPermission(
  origin: Origin,
  { granted, clientOrigins, world: { permissions } }: Dependencies,
): Promise<void> {
  const others = [...granted().filter((other) => !isExtension(other)), ...clientOrigins()];
  const pattern = permissions.patternOf(origin);
  const isShared = others.some((other) => permissions.patternOf(other) === pattern);
  // Rejects where an administrator's policy grants the host; such a permission cannot be removed.
  if (!isShared) await permissions.remove([pattern]).catch(() => false);
}
