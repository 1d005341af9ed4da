import { activityResults } from '#core/activity/activity-entry.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import { accountTexts } from '#ui/account-text.ts';
import { SelectField } from '#ui/controls/select-field.tsx';
import { sortedByName, t } from '#ui/i18n.ts';
import { siteHost, siteName } from '#ui/notices/site-label.tsx';
import type { ActivityView } from '#wire/views.ts';
import type { ActivityStore } from './activity-store.ts';
import { originText, resultTexts } from './entry-text.ts';

interface ActivityFiltersProps {
  readonly store: ActivityStore;
  /** Shows the entries of one page, or of all. */
  readonly showPage: (origin: Origin | undefined) => void;
}

/** Which entries are shown: by page, site and result. */
export function ActivityFilters({ store, showPage }: ActivityFiltersProps) {
  const view = store.view.value;
  const { site, result } = store.filter.value;
  const origin = store.origin.value;
  const origins = originsOf(view, origin);
  return (
    <div class="activity-filters">
      <SelectField
        id="activity-page"
        label={t('activity_page')}
        value={origin ?? ''}
        choices={[['', t('all_pages')], ...origins.map((one) => [one, originText(one)] as const)]}
        onChoose={(chosen) => {
          showPage(origins.find((one) => one === chosen));
        }}
      />
      <SelectField
        id="activity-site"
        label={t('activity_site')}
        value={site}
        choices={[['', t('all_sites')], ...siteChoices(view)]}
        onChoose={(chosen) => {
          store.setFilter({ site: chosen });
        }}
      />
      <SelectField
        id="activity-result"
        label={t('activity_result')}
        value={result}
        choices={[
          ['', t('all_results')],
          ...activityResults.map((one) => [one, t(resultTexts[one])] as const),
        ]}
        onChoose={(chosen) => {
          store.setFilter({ result: chosen });
        }}
      />
    </div>
  );
}

/** The pages that did something, and the chosen one. */
function originsOf(view: ActivityView | undefined, chosen: Origin | undefined): Origin[] {
  const all = [...(view?.entries ?? []), ...(view?.days ?? [])].map(({ origin }) => origin);
  const once = [...new Set(chosen === undefined ? all : [chosen, ...all])];
  return sortedByName(once, (origin) => origin);
}

/** The sites that were called; with the account, where several called. */
function siteChoices(view: ActivityView | undefined): [string, string][] {
  const { entries = [], sessions = [] } = view ?? {};
  const textOf = accountTexts(sessions.map(({ account }) => account));
  const choices = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind !== 'call' || entry.site === undefined) continue;
    const { site } = entry;
    const id = grantedSiteId(site);
    if (choices.has(id)) continue;
    const name = siteName({ name: siteHost(site), product: site.product });
    const session = sessions.find((one) => one.id === site.sessionId);
    const isNamed = sessions.length > 1 && session !== undefined;
    choices.set(id, isNamed ? t('site_as_account', name, textOf(session.account)) : name);
  }
  return sortedByName([...choices], ([, name]) => name);
}
