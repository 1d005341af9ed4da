import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  grantedSite,
  grantedSiteId,
  isSameGrantedSite,
  maxGrantedSites,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import { isSameAccount } from '#core/session/session.ts';
import { isSameSite } from '#core/session/site.ts';
import type { RequestOf } from '#wire/commands.ts';
import { maxRows, type SiteRow } from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';
import type { GrantView } from '#wire/views.ts';

/** A chosen site, with what is said of it when its row is not on the screen. */
export type SelectedSite = GrantView['sites'][number];

/** Dependencies of a list of sites, and what it begins with. */
export interface SiteListOptions {
  readonly send: Send;
  /** Which sites are listed. */
  readonly query: Pick<RequestOf<'site.find'>, 'origin' | 'host' | 'askId' | 'sessionId'>;
  /** `one`: each choice replaces the earlier one. */
  readonly kind: 'many' | 'one';
  readonly chosen: readonly SelectedSite[];
  readonly filter?: string;
  /** Whether the site with the host of the query is chosen at first, if there is exactly one and it can be called. */
  readonly isTabChosen?: boolean;
  /** The time in milliseconds, since any moment; by default that of the document. */
  readonly nowMs?: () => number;
}

/** The members of a selected site, of a row that has more. Without the image. */
function selectedSite(site: SelectedSite): SelectedSite {
  const { cloudId, product, sessionId, url, name, account } = site;
  return { cloudId, product, sessionId, url, name, account };
}

/** Whether this site is chosen with this session. */
function isSelected(selection: readonly SelectedSite[], site: GrantedSite): boolean {
  return selection.some((other) => isSameGrantedSite(other, site));
}

/** A selection after a site was added or removed. */
export interface Toggled {
  readonly selection: readonly SelectedSite[];
  /** The same site of another session of the same account, which the added one replaces. */
  readonly replaced?: SelectedSite;
}

/**
 * Adds or removes a site. A site can be chosen with several accounts, but with one session of each: the same site of another
 * session of the same account is removed.
 */
function toggled(selection: readonly SelectedSite[], site: SelectedSite): Toggled {
  if (isSelected(selection, site))
    return { selection: selection.filter((other) => !isSameGrantedSite(other, site)) };
  const replaced = selection.find(
    (other) => isSameSite(other, site) && isSameAccount(other.account, site.account),
  );
  const kept = selection.filter((other) => other !== replaced);
  return {
    selection: [...kept, selectedSite(site)],
    ...(replaced === undefined ? {} : { replaced }),
  };
}

/** What happened to the choices without a click on their rows. */
export type SelectionNotice =
  | { readonly kind: 'replaced'; readonly site: SelectedSite }
  | { readonly kind: 'full' }
  | { readonly kind: 'gone'; readonly sites: readonly SelectedSite[] };

/** The chosen sites of a list. */
export interface Selection {
  readonly chosen: ReadonlySignal<readonly SelectedSite[]>;
  /** The ids of the chosen sites, as in `grantedSiteId`. */
  readonly chosenIds: ReadonlySignal<ReadonlySet<string>>;
  readonly notice: ReadonlySignal<SelectionNotice | undefined>;
  /** Chooses a site, or not any more. */
  readonly toggle: (site: SelectedSite) => void;
  readonly clear: () => void;
}

/** The chosen sites. */
export function createSelection(options: SiteListOptions): {
  readonly shown: Selection;
  /** To be called with the first rows of a search. */
  readonly begin: (found: readonly SiteRow[]) => void;
  readonly reload: () => Promise<boolean>;
} {
  const { kind, chosen: first, isTabChosen } = options;
  const chosen = signal<readonly SelectedSite[]>(first.map(selectedSite));
  const notice = signal<SelectionNotice | undefined>(undefined);
  let isBegun = isTabChosen !== true;

  function show(selection: readonly SelectedSite[], said?: SelectionNotice): void {
    batch(() => {
      chosen.value = selection;
      notice.value = said;
    });
  }

  return {
    shown: {
      chosen,
      chosenIds: computed(() => new Set(chosen.value.map(grantedSiteId))),
      notice,
      toggle: (site) => {
        isBegun = true;
        if (kind === 'one') {
          show([selectedSite(site)]);
          return;
        }
        const { selection, replaced } = toggled(chosen.value, site);
        if (selection.length > maxGrantedSites) show(chosen.value, { kind: 'full' });
        else show(selection, replaced && { kind: 'replaced', site: replaced });
      },
      clear: () => {
        isBegun = true;
        show([]);
      },
    },
    begin: (found) => {
      if (isBegun) return;
      isBegun = true;
      const [ofTab, ...others] = found.filter((row) => row.isOfTab);
      if (ofTab !== undefined && others.length === 0 && ofTab.problem === undefined)
        show([selectedSite(ofTab)]);
    },
    reload: async () => {
      const asked = chosen.value;
      if (asked.length === 0) return false;
      const rows = await listed(options, asked).catch(() => undefined);
      if (rows === undefined) return false;
      const found = new Map(rows.map((row) => [grantedSiteId(row), selectedSite(row)]));
      const wasAsked = new Set(asked.map(grantedSiteId));
      // What was chosen since is kept as it is.
      const isGone = (site: SelectedSite): boolean =>
        wasAsked.has(grantedSiteId(site)) && !found.has(grantedSiteId(site));
      const before = chosen.value;
      const gone = before.filter(isGone);
      const now = before
        .filter((site) => !isGone(site))
        .map((site) => found.get(grantedSiteId(site)) ?? site);
      if (JSON.stringify(now) === JSON.stringify(before)) return false;
      show(now, gone.length === 0 ? notice.value : { kind: 'gone', sites: gone });
      return true;
    },
  };
}

/** Those of some sites that are listed. */
async function listed(
  { send, query }: SiteListOptions,
  sites: readonly SelectedSite[],
): Promise<readonly SiteRow[]> {
  const only = sites.map(grantedSite);
  const offsets = Array.from({ length: Math.ceil(only.length / maxRows) }, (_, at) => at * maxRows);
  const found = await Promise.all(
    offsets.map((offset) =>
      send('site.find', { ...query, filter: '', only, offset, limit: maxRows }),
    ),
  );
  return found.flatMap(({ rows }) => rows);
}
