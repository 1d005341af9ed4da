import { grantedSiteId } from '#core/grant/page-grant.ts';
import { accountName } from '#ui/account-text.ts';
import { Name } from '#ui/controls/name.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { SiteLabel, siteName } from '#ui/notices/site-label.tsx';
import type { SiteRow } from '#wire/list-views.ts';
import type { ConsoleStore } from '../console-store.ts';
import { Combobox } from './combobox.tsx';

/** The field for the site that is called, and the session that calls it. */
export function SiteField({ store }: { readonly store: ConsoleStore }) {
  const { sites, site, missing } = store;
  const found = sites.found.value;
  const chosen = site.value;
  return (
    <Combobox
      id="console-site"
      label={t('console_site')}
      value={chosen === undefined ? '' : siteText(chosen)}
      isFilter
      options={found?.rows ?? []}
      keyOf={grantedSiteId}
      draw={(row) => <SiteOption row={row} />}
      note={noteOf(found)}
      onOpen={() => {
        sites.search('');
      }}
      onInput={sites.search}
      onChoose={store.chooseSite}
      hint={
        chosen?.problem === undefined ? (
          t('console_site_hint')
        ) : (
          <>
            {t('console_site_problem')}{' '}
            <a href={`#/sessions/${chosen.sessionId}`}>{t('console_show_session')}</a>
          </>
        )
      }
      problem={missing.value === 'site' ? t('console_site_missing') : undefined}
    />
  );
}

function SiteOption({ row }: { readonly row: SiteRow }) {
  return (
    <span class="row row-spread">
      <SiteLabel site={row} accountText={accountName(row.account)} />
      <span class="muted small">
        <Name text={row.clientName} />
      </span>
    </span>
  );
}

function siteText(row: SiteRow): string {
  return t('site_as_account', siteName(row), accountName(row.account));
}

function noteOf(found: ConsoleStore['sites']['found']['value']): string {
  if (found === undefined) return t('console_searching');
  const { rows, matching, total } = found;
  if (total === 0) return t('console_no_site');
  if (matching > rows.length)
    return t('console_sites_shown', numberText(rows.length), numberText(matching));
  return tCount('console_sites', matching);
}
