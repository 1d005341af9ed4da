import { useRef } from 'preact/hooks';
import type { Origin } from '#core/values/origin.ts';
import { Button } from '#ui/controls/button.tsx';
import { TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { RowPages } from '#ui/controls/row-pages.tsx';
import { Denials } from '#ui/grants/denials.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { ActionNotices } from '#ui/notices/banners.tsx';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { maxRows, type GrantRow } from '#wire/list-views.ts';
import type { DenialView } from '#wire/views.ts';
import { PagePanel } from './page-panel.tsx';
import { PageItem } from './page-row.tsx';
import type { PagesStore } from './pages-store.ts';

interface PagesViewProps {
  readonly store: PagesStore;
  readonly denials: readonly DenialView[];
  /** Opens a connection, or none. */
  readonly show: (origin: Origin | undefined) => void;
}

/** All connected pages and extensions, found by typing; the open one, to be changed; and the questions that were denied. */
export function PagesView(props: PagesViewProps) {
  const { store, denials } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const list = store.list.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('connected_pages')}
      </h1>
      <FaultNotice
        fault={store.loadFault.value}
        actions={<Button onClick={() => void store.load()}>{t('try_again')}</Button>}
      />
      {store.openRow.value === undefined ? <ActionNotices of={store.pendingActions} /> : null}
      {store.isGone.value ? (
        <Notice tone="warn">
          <p>{t('no_such_connection')}</p>
        </Notice>
      ) : null}
      {list === undefined ? null : list.total === 0 ? (
        <p class="card">{t('no_connected_pages')}</p>
      ) : (
        <Pages {...props} focusHeading={() => heading.current?.focus()} />
      )}
      <Denials denials={denials} actions={store} isNamed fallback={heading} />
    </>
  );
}

interface PagesProps extends PagesViewProps {
  readonly focusHeading: () => void;
}

function Pages(props: PagesProps) {
  const { store } = props;
  const { rows = [], matching = 0 } = store.list.value ?? {};
  const opened = store.openRow.value;
  // Opened by its address, or found no more: it is shown all the same.
  const isApart = opened !== undefined && !rows.some(({ origin }) => origin === opened.origin);
  return (
    <>
      <Search store={store} />
      <ul class="stack">
        {isApart ? <Page key={opened.origin} {...props} row={opened} /> : null}
        {rows.map((row) => (
          <Page key={row.origin} {...props} row={row} />
        ))}
      </ul>
      {rows.length === 0 ? <p class="card">{t('no_connected_page_matches')}</p> : null}
      <RowPages
        offset={store.wanted.value.offset}
        shown={rows.length}
        matching={matching}
        mostShown={maxRows}
        onTurn={(offset) => void store.find({ offset })}
      />
    </>
  );
}

function Search({ store }: { readonly store: PagesStore }) {
  const { total = 0, matching = 0 } = store.list.value ?? {};
  return (
    <div class="stack stack-tight">
      <TextField
        id="page-search"
        type="search"
        label={t('search_pages')}
        placeholder={t('search_pages_hint')}
        value={store.wanted.value.filter}
        onInput={(filter) => void store.find({ filter })}
      />
      <span class="muted" role="status">
        {matching === total
          ? tCount('connections_count', total)
          : t('matching_of_all', numberText(matching), numberText(total))}
      </span>
    </div>
  );
}

interface PageProps extends PagesProps {
  readonly row: GrantRow;
}

function Page({ row, store, show, focusHeading }: PageProps) {
  const { origin } = row;
  const isOpen = store.openOrigin.value === origin;
  const form = isOpen ? store.form.value : undefined;
  const grant = isOpen ? store.grant.value : undefined;
  return (
    <PageItem
      row={row}
      isOpen={isOpen}
      isUnsaved={store.isUnsaved(origin)}
      onToggle={() => {
        show(isOpen ? undefined : origin);
      }}
      onAllow={() => void store.allowAgain(origin)}
      onResume={() => void store.pause(origin, false)}
    >
      {form === undefined || grant === undefined ? null : (
        <PagePanel
          row={row}
          grant={grant}
          form={form}
          store={store}
          onDisconnected={() => {
            show(undefined);
            focusHeading();
          }}
        />
      )}
    </PageItem>
  );
}
