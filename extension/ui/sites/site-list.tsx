import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { grantedSiteId, type Access } from '#core/grant/page-grant.ts';
import { accountTexts } from '../account-text.ts';
import { t } from '../i18n.ts';
import { ListHead } from './list-head.tsx';
import type { SiteListStore } from './site-list-store.ts';
import { SiteRowItem } from './site-row.tsx';
import { rowAfterKey, useRowWindow } from './row-window.ts';

interface SiteListProps {
  readonly list: SiteListStore;
  /** The access that is to be granted: rows say when their session lacks a scope for it. */
  readonly access: Access;
}

/** The sites to choose from, with a filter. One of its rows can be reached with Tab, the others from there. */
export function SiteList({ list, access }: SiteListProps) {
  const field = useRef<HTMLInputElement>(null);
  const count = list.counts.value?.matching ?? 0;
  const rows = useRows(list, count);
  return (
    <div class="site-list">
      <ListHead list={list} field={field} onEnterList={rows.focus} />
      <div
        class="site-scroll"
        ref={rows.scroller}
        style={{ '--rows': String(list.counts.value?.total ?? 0) }}
        onScroll={rows.onScroll}
      >
        <Rows list={list} access={access} count={count} rows={rows} />
      </div>
    </div>
  );
}

/** Which rows are rendered, and which one has the Tab stop. */
function useRows(list: SiteListStore, count: number) {
  const search = list.search.value;
  const { scroller, range, onScroll, rowsOnPage, reveal } = useRowWindow(count, search);
  const [active, setActive] = useState(0);
  const isFocusWanted = useRef(false);
  const current = Math.max(0, Math.min(active, count - 1));
  useLayoutEffect(() => {
    setActive(0);
  }, [search]);
  useLayoutEffect(() => {
    if (range.last >= range.first) list.need(range.first, range.last);
  }, [list, range, search]);
  const focusRow = (row: number): boolean => {
    const wanted = `input[data-row="${String(row)}"]`;
    const input = scroller.current?.querySelector<HTMLElement>(wanted);
    input?.focus({ preventScroll: true });
    return input != null;
  };
  useLayoutEffect(() => {
    if (isFocusWanted.current) isFocusWanted.current = !focusRow(current);
  });
  const focus = (row: number): void => {
    if (count === 0) return;
    setActive(row);
    reveal(row);
    // A row that was not on the screen is there after the next rendering.
    isFocusWanted.current = !focusRow(row);
  };
  return {
    scroller,
    range,
    onScroll,
    active: current,
    setActive,
    focus: () => {
      focus(current);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const to = rowAfterKey(event.key, current, rowsOnPage(), count);
      if (to === undefined) return;
      event.preventDefault();
      focus(to);
    },
  };
}

interface RowsProps extends SiteListProps {
  readonly count: number;
  readonly rows: ReturnType<typeof useRows>;
}

function Rows({ list, access, count, rows: { range, active, setActive, onKeyDown } }: RowsProps) {
  const rows = list.rows.value;
  const chosenIds = list.chosenIds.value;
  const textOf = accountTexts([...rows.values(), ...list.chosen.value].map((one) => one.account));
  return (
    <ul
      class="site-rows"
      aria-label={t('sites_list')}
      style={{ '--matching': String(count) }}
      onKeyDown={onKeyDown}
    >
      {rendered(range, active, count).map((index) => {
        const row = rows.get(index);
        return (
          <SiteRowItem
            key={index}
            type={list.kind === 'one' ? 'radio' : 'checkbox'}
            row={row}
            index={index}
            count={count}
            isChosen={row !== undefined && chosenIds.has(grantedSiteId(row))}
            isTabStop={index === active}
            access={access}
            textOf={textOf}
            onToggle={(toggledRow) => {
              list.toggle(toggledRow);
              return list.chosenIds.value.has(grantedSiteId(toggledRow));
            }}
            onFocus={setActive}
          />
        );
      })}
    </ul>
  );
}

/** The rows of a range, and the active one: it keeps the focus while it is scrolled away. */
function rendered(
  { first, last }: { readonly first: number; readonly last: number },
  active: number,
  count: number,
): number[] {
  const end = Math.min(last, count - 1);
  const all = Array.from({ length: Math.max(0, end - first + 1) }, (_, at) => first + at);
  if (count === 0 || (active >= first && active <= end)) return all;
  return active < first ? [active, ...all] : [...all, active];
}
