import type { RefObject } from 'preact';
import { Button } from '../controls/button.tsx';
import { Names, Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { numberText, t, tCount } from '../i18n.ts';
import { FaultNotice } from '../notices/fault-notice.tsx';
import { siteName } from '../notices/site-label.tsx';
import type { SelectionNotice } from './site-selection.ts';
import type { SiteListStore } from './site-list-store.ts';

interface ListHeadProps {
  readonly list: SiteListStore;
  readonly field: RefObject<HTMLInputElement | null>;
  /** The person moves from the filter into the list. */
  readonly onEnterList: () => void;
}

/** A list of up to this many sites has no filter. */
const mostUnfilteredSites = 6;

/** The filter of the list, how many sites are chosen, and what happened to the choices. */
export function ListHead({ list, field, onEnterList }: ListHeadProps) {
  const { total = 0, matching = 0 } = list.counts.value ?? {};
  const notice = list.notice.value;
  const isLong = total > mostUnfilteredSites || list.filter.value !== '';
  return (
    <div class="site-list-head">
      {isLong ? (
        <input
          type="search"
          class="input"
          ref={field}
          aria-label={t('filter_sites')}
          placeholder={t('filter_sites_hint')}
          autocomplete="off"
          spellcheck={false}
          value={list.filter.value}
          onInput={(event) => {
            list.setFilter(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onEnterList();
          }}
        />
      ) : null}
      <div class="row row-spread">
        <ChosenCount list={list} total={total} />
        {list.kind === 'many' && isLong ? <ListButtons list={list} field={field} /> : null}
      </div>
      {notice === undefined ? null : <Notice tone="warn">{noticeText(notice)}</Notice>}
      <FaultNotice
        fault={list.fault.value}
        actions={<Button onClick={() => void list.reload()}>{t('try_again')}</Button>}
      />
      {list.counts.value !== undefined && matching === 0 && total > 0 ? (
        <p role="status">{t(list.isOnlyChosen.value ? 'no_chosen_site_found' : 'no_site_found')}</p>
      ) : null}
    </div>
  );
}

function ChosenCount({ list, total }: { readonly list: SiteListStore; readonly total: number }) {
  const { length } = list.chosen.value;
  return (
    <span class="muted small" role="status">
      {t('chosen_of', numberText(length), numberText(total))}
    </span>
  );
}

function ListButtons({ list, field }: Pick<ListHeadProps, 'list' | 'field'>) {
  return (
    <span class="row site-list-buttons">
      <Button kind="quiet" aria-pressed={list.isOnlyChosen.value} onClick={list.switchOnlyChosen}>
        {t('only_chosen')}
      </Button>
      <Button
        kind="quiet"
        aria-disabled={list.chosen.value.length === 0}
        onClick={() => {
          list.clear();
          field.current?.focus();
        }}
      >
        {t('clear_chosen')}
      </Button>
    </span>
  );
}

/** How many of several sites a notice names. */
const mostNamed = 3;

function noticeText(notice: SelectionNotice) {
  if (notice.kind === 'full') return <p>{t('too_many_chosen')}</p>;
  if (notice.kind === 'replaced')
    return (
      <p>
        <Sentence of="chosen_replaced" names={[siteName(notice.site)]} />
      </p>
    );
  const { sites } = notice;
  const names = sites.slice(0, mostNamed).map(siteName);
  const more = sites.length - names.length;
  const parts = more === 0 ? names : [...names, tCount('more_sites', more)];
  return (
    <p>
      <Sentence of="chosen_gone" names={[<Names key="sites" of={parts} />]} />
    </p>
  );
}
