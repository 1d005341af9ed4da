import { accountTexts } from '../account-text.ts';
import { Names, Sentence } from '../controls/name.tsx';
import { tCount } from '../i18n.ts';
import { siteName } from '../notices/site-label.tsx';
import type { SelectedSite } from './site-selection.ts';

/** How many of the selected sites are named. */
const mostNamedSites = 3;

/** The selected sites, some of which the list may have scrolled away. */
export function SelectedSites({
  sites,
  missingText,
}: {
  readonly sites: readonly SelectedSite[];
  /** What is said when there is none. */
  readonly missingText: string;
}) {
  if (sites.length === 0) return <p class="muted">{missingText}</p>;
  return (
    <p class="selected-sites">
      <strong>{tCount('sites_selected', sites.length)}</strong> <NamedSites sites={sites} />
    </p>
  );
}

/** The names of some sites with their accounts, and how many more there are. */
export function NamedSites({
  sites,
  count = sites.length,
}: {
  /** All, or the first ones. */
  readonly sites: readonly SelectedSite[];
  /** How many there are. */
  readonly count?: number;
}) {
  const textOf = accountTexts(sites.map(({ account }) => account));
  const names = sites
    .slice(0, mostNamedSites)
    .map((site) => (
      <Sentence of="site_as_account" names={[siteName(site), textOf(site.account)]} />
    ));
  const more = count - names.length;
  if (names.length === 0 && count > 0) return <>{tCount('sites_count', count)}</>;
  return <Names of={more === 0 ? names : [...names, tCount('more_sites', more)]} />;
}
