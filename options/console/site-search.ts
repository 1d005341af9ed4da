import { signal, type ReadonlySignal } from '@preact/signals';
import { grantedSite, type GrantedSite } from '#core/grant/page-grant.ts';
import { maxRows, type Listed, type SiteRow } from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';
import { latestOnly } from './latest.ts';

/** Finds the site to call among those of all sessions. */
export interface SiteSearch {
  /** Those that match the last filter; undefined until they are known. */
  readonly found: ReadonlySignal<Listed<SiteRow> | undefined>;
  readonly search: (filter: string) => void;
  /** One site; undefined when its session does not have it any more. */
  readonly find: (site: GrantedSite) => Promise<SiteRow | undefined>;
}

const maxFilterLength = 200;

export function createSiteSearch(send: Send): SiteSearch {
  const found = signal<Listed<SiteRow> | undefined>(undefined);
  const search = latestOnly(async (filter: string) => {
    const wanted = { filter: filter.slice(0, maxFilterLength), offset: 0, limit: maxRows };
    const next = await send('site.find', wanted).catch(() => undefined);
    if (next !== undefined) found.value = next;
  });
  return {
    found,
    search,
    find: async (site) => {
      const { sessionId } = site;
      // Named, a session that needs its person is listed too.
      const wanted = { filter: '', offset: 0, limit: 1, sessionId, only: [grantedSite(site)] };
      const listed = await send('site.find', wanted).catch(() => undefined);
      return listed?.rows[0];
    },
  };
}
