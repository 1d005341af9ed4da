import { isExtension, type Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';

/** What grants of one kind of grantee need beside their records. */
export interface Connections {
  /** Whether a grant has effect at this moment. */
  isActive(origin: Origin): boolean;
  /** Whether the browser allows a grant. */
  isAllowed(origin: Origin): Promise<boolean>;
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
  /** At each start, and when the browser may allow more: lets a grant have effect if the browser allows it. */
  restore(origin: Origin): Promise<void>;
}

/** Who asks whether it is connected. Only pages have a tab. */
export interface ConnectedDocument {
  readonly origin: Origin;
  readonly documentId: string;
  readonly tabId?: number;
}

interface Dependencies {
  /** The grantees that have a grant. */
  readonly granted: () => readonly Origin[];
  /** Origins whose host permission is needed without a grant: the hosts of clients. */
  readonly clientOrigins: () => readonly Origin[];
  readonly world: Pick<World, 'permissions' | 'pages' | 'notifyPages'>;
}

/** Pages have a host permission, content scripts and tabs. */
export interface ConnectedPages extends Connections {
  /** Whether the browser withholds the host permission of any. */
  hasSuspended(): boolean;
}

export function createConnectedPages(dependencies: Dependencies): ConnectedPages {
  const { permissions, pages, notifyPages } = dependencies.world;
  const suspended = new Set<Origin>();
  const isAllowed = (origin: Origin): Promise<boolean> =>
    permissions.has([permissions.patternOf(origin)]);
  const release = (origin: Origin): Promise<void> => removeHostPermission(origin, dependencies);
  return {
    isActive: (origin) => !suspended.has(origin),
    hasSuspended: () => suspended.size > 0,
    isAllowed,
    begin: async (origin, isNew) => {
      suspended.delete(origin);
      await pages.inject(origin);
      if (!isNew) await notifyPages(origin, 'grant.changed');
    },
    greet: async ({ origin, tabId, documentId }) => {
      if (tabId !== undefined && permissions.isWide(origin))
        await pages.injectShim({ tabId, documentId });
    },
    notify: notifyPages,
    forget: (origin) => void suspended.delete(origin),
    end: async (origin) => {
      await pages.stopInjecting(origin);
      await notifyPages(origin, 'grant.ended');
      await release(origin);
    },
    release,
    restore: async (origin) => {
      if (await isAllowed(origin)) {
        suspended.delete(origin);
        await pages.keepInjecting(origin);
      } else {
        suspended.add(origin);
      }
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
