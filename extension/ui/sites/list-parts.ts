import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { grantedSite, isSameGrantedSite } from '#core/grant/page-grant.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Listed, SiteRow } from '#wire/list-views.ts';
import type { SelectedSite, SiteListOptions } from './site-selection.ts';

/** How many rows are requested at once: few, because the reply is waited for with each letter that is typed. */
const partRows = 30;

/** One search: the filter, and the chosen sites when only those are listed. */
interface Search {
  readonly filter: string;
  readonly only?: readonly SelectedSite[] | undefined;
}

/** The rows of a list, as far as they were sent. */
export interface ListParts {
  /** How many sites there are, and how many match; undefined until the first reply. */
  readonly counts: ReadonlySignal<Pick<Listed<SiteRow>, 'total' | 'matching'> | undefined>;
  /** All rows that were sent for the search, by index. */
  readonly rows: ReadonlySignal<ReadonlyMap<number, SiteRow>>;
  /** How many searches were shown. */
  readonly searches: ReadonlySignal<number>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly search: (wanted: Search) => Promise<void>;
  /** Requests the rows from one index to another, as far as they are missing. */
  readonly need: (first: number, last: number) => void;
  /** Resolves to whether the rows on the screen changed. */
  readonly reload: (wanted: Search) => Promise<boolean>;
  /** Whether the rows on the screen have their places for a while: what is clicked is what the person saw there. */
  readonly areStill: () => boolean;
}

/** How long rows must be in their places before one can be chosen, in milliseconds: as long as for *Allow*. */
export const stillAfterMs = 700;

/** A part, by its number, as the worker sent it. */
type FoundPart = readonly [part: number, found: Listed<SiteRow>];

/** The rows of a search, in parts. The earlier rows stay until the first new ones are there; late replies are dropped. */
export function createListParts(
  options: SiteListOptions,
  onFirst: (found: readonly SiteRow[]) => void,
): ListParts {
  const counts = signal<{ readonly total: number; readonly matching: number } | undefined>();
  const rows = signal<ReadonlyMap<number, SiteRow>>(new Map());
  const searches = signal(0);
  const { fault, begin, take, isMissing } = createRequests(options);
  const nowMs = options.nowMs ?? (() => performance.now());
  let onScreen: readonly number[] = [0];
  let movedAtMs: number | undefined;

  function show(found: readonly FoundPart[], earlier: Iterable<readonly [number, SiteRow]>): void {
    const shown = new Map(earlier);
    for (const [part, list] of found) {
      list.rows.forEach((row, at) => shown.set(part * partRows + at, row));
      counts.value = { total: list.total, matching: list.matching };
    }
    rows.value = shown;
  }

  const onScreenRows = (): readonly (SiteRow | undefined)[] => rowsOf(onScreen, rows.value);
  const shown = (): string => JSON.stringify([counts.value, onScreenRows(), fault.value]);

  return {
    counts,
    rows,
    searches,
    fault,
    search: async (wanted) => {
      begin(wanted);
      const found = await take([0]);
      if (found === undefined) return;
      batch(() => {
        show(found, []);
        onFirst(found[0]?.[1].rows ?? []);
        searches.value += 1;
      });
      movedAtMs = undefined;
    },
    need: (first, last) => {
      const from = Math.floor(first / partRows);
      const to = Math.floor(last / partRows);
      onScreen = Array.from({ length: to - from + 1 }, (_, at) => from + at);
      const missing = onScreen.filter(isMissing);
      if (missing.length === 0) return;
      void take(missing).then((found) => {
        if (found !== undefined)
          batch(() => {
            show(found, rows.value);
          });
      });
    },
    reload: async (wanted) => {
      const before = shown();
      const placesBefore = onScreenRows();
      begin(wanted);
      const found = await take(onScreen);
      if (found !== undefined)
        batch(() => {
          show(found, []);
        });
      if (hasMoved(placesBefore, onScreenRows())) movedAtMs = nowMs();
      return before !== shown();
    },
    areStill: () => movedAtMs === undefined || nowMs() - movedAtMs >= stillAfterMs,
  };
}

/** Requests the parts of one search at a time. */
function createRequests({ send, query }: SiteListOptions): {
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Replies to the searches before this one are dropped. */
  readonly begin: (search: Search) => void;
  readonly isMissing: (part: number) => boolean;
  /** Resolves to undefined when the replies come too late, and when there are none: `fault` says why. */
  readonly take: (parts: readonly number[]) => Promise<readonly FoundPart[] | undefined>;
} {
  const fault = signal<Fault | undefined>(undefined);
  let current: Search = { filter: '' };
  let requested = new Set<number>();

  async function request(part: number): Promise<FoundPart> {
    requested.add(part);
    const { filter, only } = current;
    const found = await send('site.find', {
      ...query,
      filter,
      offset: part * partRows,
      limit: partRows,
      ...(only === undefined ? {} : { only: only.map(grantedSite) }),
    });
    return [part, found];
  }

  return {
    fault,
    begin: (search) => {
      current = { ...search };
      requested = new Set();
    },
    isMissing: (part) => !requested.has(part),
    take: async (parts) => {
      const search = current;
      try {
        const found = await Promise.all(parts.map(request));
        if (search !== current) return undefined;
        fault.value = undefined;
        return found;
      } catch (thrown) {
        if (search !== current) return undefined;
        for (const part of parts) requested.delete(part);
        fault.value = toFault(thrown);
        return undefined;
      }
    },
  };
}

/** Whether another site is where one was. */
function hasMoved(
  before: readonly (SiteRow | undefined)[],
  now: readonly (SiteRow | undefined)[],
): boolean {
  return now.some((row, at) => {
    const was = before[at];
    return row !== undefined && was !== undefined && !isSameGrantedSite(row, was);
  });
}

function rowsOf(
  parts: readonly number[],
  rows: ReadonlyMap<number, SiteRow>,
): readonly (SiteRow | undefined)[] {
  return parts.flatMap((part) =>
    Array.from({ length: partRows }, (_, at) => rows.get(part * partRows + at)),
  );
}
