import type { Access } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';

/** Marks the toolbar button in the tabs of connected pages. */
export interface TabMarks {
  /** A document is shown, or what its origin is granted may have changed. */
  shown(document: ShownDocument): void;
}

interface ShownDocument {
  readonly origin: Origin;
  readonly tabId: number;
  readonly documentId: string;
}

interface Dependencies {
  readonly grants: { of(origin: Origin): { readonly access: Access } | undefined };
  readonly world: Pick<World, 'alerts' | 't'>;
}

export function createTabMarks({ grants, world: { alerts, t } }: Dependencies): TabMarks {
  // One after another: a document that has left meanwhile must not take away the mark of the next one.
  const enqueue = serialQueue();
  /** What waits in the queue: of each tab, what was shown last. A page can send this as often as it likes. */
  const waiting = new Map<number, ShownDocument>();
  const update = ({ origin, ...document }: ShownDocument): Promise<void> => {
    const access = grants.of(origin)?.access;
    if (access === undefined) return alerts.unmarkTab(document.tabId);
    return alerts.markTab(
      document,
      t(access === 'write' ? 'tab_connected_write' : 'tab_connected_read'),
    );
  };
  return {
    shown: (document) => {
      const { tabId } = document;
      const isQueued = waiting.has(tabId);
      waiting.set(tabId, document);
      if (isQueued) return;
      const updateTab = (): Promise<void> => {
        const latest = waiting.get(tabId) ?? document;
        waiting.delete(tabId);
        return update(latest);
      };
      // The tab was closed.
      enqueue(updateTab).catch(() => undefined);
    },
  };
}
