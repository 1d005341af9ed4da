import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { createListParts, type ListParts } from './list-parts.ts';
import {
  createSelection,
  type SelectedSite,
  type Selection,
  type SiteListOptions,
} from './site-selection.ts';

/** A list of sites to choose from, of which the worker sends only the parts that are shown. */
export interface SiteListStore
  extends Selection, Pick<ListParts, 'counts' | 'rows' | 'fault' | 'need'> {
  readonly kind: 'many' | 'one';
  readonly filter: ReadonlySignal<string>;
  readonly isOnlyChosen: ReadonlySignal<boolean>;
  /** Counts the searches whose rows were shown: the list begins at its first row with each. */
  readonly search: ReadonlySignal<number>;
  readonly setFilter: (filter: string) => void;
  /** Shows only the sites that are chosen by then, or all. */
  readonly switchOnlyChosen: () => void;
  /**
   * Requests the rows on the screen, and whether the chosen sites are still listed: those that are not are removed. Never
   * rejects. Resolves to whether anything that is shown changed.
   */
  readonly reload: () => Promise<boolean>;
}

export function createSiteListStore(options: SiteListOptions): SiteListStore {
  const { kind } = options;
  const selection = createSelection(options);
  const filter = signal(options.filter ?? '');
  const only = signal<readonly SelectedSite[] | undefined>(undefined);
  const parts = createListParts(options, (found) => {
    selection.begin(found);
  });
  const search = (): void => {
    void parts.search({ filter: filter.value, only: only.value });
  };
  return {
    kind,
    filter,
    isOnlyChosen: computed(() => only.value !== undefined),
    counts: parts.counts,
    search: parts.searches,
    rows: parts.rows,
    fault: parts.fault,
    ...selection.shown,
    toggle: (site) => {
      // A session was refreshed or another signed in just now, so the click may have been meant for another row.
      if (parts.areStill()) selection.shown.toggle(site);
    },
    setFilter: (text) => {
      if (text === filter.value) return;
      filter.value = text;
      if (only.value !== undefined) only.value = selection.shown.chosen.value;
      search();
    },
    switchOnlyChosen: () => {
      only.value = only.value === undefined ? selection.shown.chosen.value : undefined;
      search();
    },
    need: parts.need,
    reload: async () => {
      const first = parts.counts.value === undefined;
      const changed = await Promise.all([
        first
          ? parts.search({ filter: filter.value }).then(() => true)
          : parts.reload({ filter: filter.value, only: only.value }),
        selection.reload(),
      ]);
      return changed.includes(true);
    },
  };
}
