import { activityResults } from '#core/activity/activity-entry.ts';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { byPage } from './activity-days.ts';
import type { ActivityStore } from './activity-store.ts';
import { resultTexts } from './entry-text.ts';

/** More pages than this are only counted. */
const mostPages = 20;

/** How many calls each page made in 30 days, and how they ended. */
export function PageCounts({ store }: { readonly store: ActivityStore }) {
  const pages = byPage(store.view.value?.days ?? [], store.origin.value);
  if (pages.length === 0) return null;
  return (
    <details class="card" open>
      <summary>{t('calls_in_30_days')}</summary>
      <div class="counts">
        <table>
          <caption class="visually-hidden">{t('calls_in_30_days')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('activity_page')}</th>
              <th scope="col">{t('calls_all')}</th>
              {activityResults.map((result) => (
                <th key={result} scope="col">
                  {t(resultTexts[result])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pages.slice(0, mostPages).map((page) => (
              <tr key={page.origin}>
                <th scope="row">
                  <a href={`#/activity/${encodeURIComponent(page.origin)}`}>
                    <GranteeName origin={page.origin} />
                  </a>
                </th>
                <td>{numberText(page.all)}</td>
                {activityResults.map((result) => (
                  <td key={result}>{numberText(page[result])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages.length > mostPages ? (
        <p class="muted small">{tCount('more_pages', pages.length - mostPages)}</p>
      ) : null}
    </details>
  );
}
