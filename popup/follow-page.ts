import { batch, type Signal } from '@preact/signals';
import type { ActivePage } from '#browser/pages/active-page.ts';
import { createViewStore } from '#ui/state/view-store.ts';
import type { PopupView } from '#wire/list-views.ts';

/** Where the page in front is read. */
export interface PagePorts {
  readonly activePage: () => Promise<ActivePage>;
  /** What was shown over this page before, see `readPopupSnapshot`. */
  readonly readSnapshot: (page: Promise<ActivePage>) => Promise<PopupView | undefined>;
}

/** What the popup shows; both change together when another page comes to the front. */
interface Shown {
  readonly page: Signal<ActivePage>;
  readonly view: Signal<PopupView | undefined>;
}

/** Keeps the page that is shown the page in front. */
export interface PageFollower {
  /**
   * Reads the page that the popup opens over. `shown` resolves once what was stored of it is shown.
   * @param isReady - when that may be shown
   */
  readonly open: (isReady: Promise<void>) => {
    readonly found: Promise<ActivePage>;
    readonly shown: Promise<void>;
  };
  /** To be called when another page may be in front. */
  readonly follow: () => Promise<void>;
}

/** @param onMoved - called when a page of another origin is shown */
export function createPageFollower(
  ports: PagePorts,
  { page, view }: Shown,
  onMoved: (page: ActivePage) => void,
): PageFollower {
  // If the tab cannot be read, the popup still shows the sessions.
  const readPage = () => ports.activePage().catch((): ActivePage => ({}));
  const readSnapshot = (found: Promise<ActivePage>) =>
    ports.readSnapshot(found).catch(() => undefined);
  let opened: Promise<void> | undefined;
  // At most one reading at a time, and one more after it.
  const { reload: follow } = createViewStore(async () => {
    await opened;
    const found = await readPage();
    if (found.origin === page.value.origin) {
      page.value = found;
      return;
    }
    const snapshot = await readSnapshot(Promise.resolve(found));
    batch(() => {
      page.value = found;
      view.value = snapshot;
    });
    onMoved(found);
  });
  return {
    open: (isReady) => {
      const found = readPage().then((one) => {
        page.value = one;
        return one;
      });
      const snapshot = readSnapshot(found);
      const shown = Promise.all([found, isReady]).then(async () => {
        const stored = await snapshot;
        view.value ??= stored;
      });
      opened = shown;
      return { found, shown };
    },
    follow,
  };
}
