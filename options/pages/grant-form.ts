import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { firstTerms, type ConnectTerms } from '#ui/sites/connect-terms.ts';
import { createSiteListStore, type SiteListStore } from '#ui/sites/site-list-store.ts';
import type { SelectedSite } from '#ui/sites/site-selection.ts';
import type { Send } from '#wire/send.ts';
import type { GrantView } from '#wire/views.ts';

/** What the person has changed of a connection and not saved. */
export interface GrantEdits {
  readonly chosen: readonly SelectedSite[];
  readonly terms: ConnectTerms;
}

/** The form of one connection. */
export interface GrantForm {
  /** What it is when nothing is changed. */
  readonly grant: GrantView;
  readonly list: SiteListStore;
  readonly terms: ReadonlySignal<ConnectTerms>;
  /** What is changed; undefined when nothing is. */
  readonly edits: ReadonlySignal<GrantEdits | undefined>;
  readonly change: (part: Partial<ConnectTerms>) => void;
}

export function createGrantForm(
  send: Send,
  grant: GrantView,
  edits: GrantEdits | undefined,
): GrantForm {
  const { origin } = grant;
  const terms = signal(edits?.terms ?? firstTerms(grant));
  const list = createSiteListStore({
    send,
    query: { origin },
    kind: 'many',
    chosen: edits?.chosen ?? grant.sites,
  });
  const original = stateOf(grant.sites, firstTerms(grant));
  return {
    grant,
    list,
    terms,
    edits: computed(() => {
      const chosen = list.chosen.value;
      const isSame = stateOf(chosen, terms.value) === original;
      return isSame ? undefined : { chosen, terms: terms.value };
    }),
    change: (part) => {
      terms.value = { ...terms.value, ...part };
    },
  };
}

/** Whether two states of a connection make the same form. */
export function isSameForm(one: GrantView, other: GrantView): boolean {
  return stateOf(one.sites, firstTerms(one)) === stateOf(other.sites, firstTerms(other));
}

function stateOf(
  sites: readonly SelectedSite[],
  { access, duration, isEveryPath, pathsText }: ConnectTerms,
): string {
  const ids = sites.map(grantedSiteId).sort();
  return JSON.stringify([ids, access, duration, isEveryPath || pathsText.trim()]);
}
