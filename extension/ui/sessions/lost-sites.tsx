import type { SessionRow } from '#wire/list-views.ts';
import { Names, Sentence } from '../controls/name.tsx';
import { tCount } from '../i18n.ts';
import { siteName } from '../notices/site-label.tsx';

interface LostSitesProps {
  readonly session: Pick<SessionRow, 'lostSites' | 'lostSiteCount'>;
}

/** Names some of the sites that a session no longer reaches, and says how to get them back. */
export function LostSites({ session: { lostSites, lostSiteCount } }: LostSitesProps) {
  const named = lostSites.map(siteName);
  const more = lostSiteCount - named.length;
  const names = more > 0 ? [...named, tCount('more_sites', more)] : named;
  return <Sentence of="sites_lost" names={[<Names key="sites" of={names} />]} />;
}
