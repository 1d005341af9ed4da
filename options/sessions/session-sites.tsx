import { grantedSiteId } from '#core/grant/page-grant.ts';
import { TextField } from '#ui/controls/field.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { SiteLabel } from '#ui/notices/site-label.tsx';
import type { SessionsStore } from './sessions-store.ts';

/** Fewer sites than this need no search. */
const fewSites = 8;

interface SessionSitesProps {
  readonly store: SessionsStore;
  /** How many sites the session has. */
  readonly total: number;
}

/** The sites of the open session, 60 at most, found by typing. */
export function SessionSites({ store, total }: SessionSitesProps) {
  const sites = store.sites.value;
  if (total === 0) return null;
  return (
    <details open={total <= fewSites}>
      <summary>
        {t('session_sites')} ({tCount('sites_count', total)})
      </summary>
      <div class="stack">
        {total <= fewSites ? null : (
          <TextField
            id="session-site-search"
            type="search"
            label={t('search_sites')}
            value={store.siteFilter.value}
            onInput={(text) => void store.findSites(text)}
          />
        )}
        <p class="muted small" role="status">
          {sites === undefined || sites.rows.length === total
            ? ''
            : t(
                'rows_of_all',
                numberText(Math.min(1, sites.rows.length)),
                numberText(sites.rows.length),
                numberText(sites.matching),
              )}
        </p>
        <ul class="grant-sites">
          {sites?.rows.map((site) => (
            <li key={grantedSiteId(site)}>
              <SiteLabel site={site} />
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
