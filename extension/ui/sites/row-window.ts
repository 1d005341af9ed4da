import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { maxRows } from '#wire/list-views.ts';

/** The height of a row and of the list until they are measured. */
const unmeasured = { rowHeight: 44, height: 440 } as const;

/** The rows of a scrolling list that are rendered. */
export interface RowWindow {
  /** The element that scrolls, whose only child is as high as all rows. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly range: RowRange;
  readonly onScroll: () => void;
  /** How many whole rows the screen has. */
  readonly rowsOnPage: () => number;
  /** Scrolls until all of a row is on the screen. */
  readonly reveal: (row: number) => void;
}

/**
 * Which rows of a list are rendered as it scrolls and changes its size.
 * @param search - the list begins at its first row whenever this changes
 */
export function useRowWindow(count: number, search: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<RowRange>(() =>
    rowsToRender({ scrollTop: 0, ...unmeasured }, count),
  );
  const viewport = (): Viewport => {
    const element = scroller.current;
    const rows = element?.firstElementChild?.getBoundingClientRect().height ?? 0;
    return {
      scrollTop: element?.scrollTop ?? 0,
      height: element?.clientHeight === 0 ? unmeasured.height : (element?.clientHeight ?? 0),
      // Measured, because the text may be larger than the styles say.
      rowHeight: rows > 0 && count > 0 ? rows / count : unmeasured.rowHeight,
    };
  };
  const update = (): void => {
    const next = rowsToRender(viewport(), count);
    setRange((shown) => (shown.first === next.first && shown.last === next.last ? shown : next));
  };
  const latest = useRef(update);
  latest.current = update;
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [search]);
  useLayoutEffect(update, [search, count]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      latest.current();
    });
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return {
    scroller,
    range,
    onScroll: update,
    rowsOnPage: () => {
      const { height, rowHeight } = viewport();
      return Math.max(1, Math.floor(height / rowHeight));
    },
    reveal: (row) => {
      if (scroller.current === null) return;
      scroller.current.scrollTop = scrollTopFor(row, viewport());
      update();
    },
  };
}

/** What a list shows of its rows, all of the same height. */
export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** The rows from `first` to `last`, which is included; `last` is below `first` when there is none. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** How many rows above and below those on the screen are rendered too. */
const spareRows = 5;

/** The rows to render: those on the screen and some beside them, {@link maxRows} less one at most: the row with the focus stays. */
export function rowsToRender({ scrollTop, height, rowHeight }: Viewport, count: number): RowRange {
  const { first, last } = rowsOnScreen({ scrollTop, height, rowHeight }, count);
  const from = Math.max(0, first - spareRows);
  return { first: from, last: Math.min(count - 1, last + spareRows, from + maxRows - 2) };
}

/** The rows of which something is on the screen. */
function rowsOnScreen({ scrollTop, height, rowHeight }: Viewport, count: number): RowRange {
  const first = Math.min(Math.floor(scrollTop / rowHeight), Math.max(0, count - 1));
  return { first, last: Math.min(count - 1, Math.ceil((scrollTop + height) / rowHeight) - 1) };
}

/** Where to scroll so that all of a row is on the screen; as it is, when it is there already. */
export function scrollTopFor(row: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = row * rowHeight;
  return Math.max(0, Math.min(top, Math.max(scrollTop, top + rowHeight - height)));
}

/** The row that a key moves to from another one; undefined for a key that moves nowhere. */
export function rowAfterKey(
  key: string,
  row: number,
  rowsOnPage: number,
  count: number,
): number | undefined {
  const to = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + rowsOnPage,
    PageUp: row - rowsOnPage,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}
