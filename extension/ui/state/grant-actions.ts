import type { GrantedSite } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Send } from '#wire/send.ts';
import type { DenialView } from '#wire/views.ts';
import type { PendingActions } from './pending-actions.ts';

/** Changes of what is stored beside the sites of a grant. */
export interface GrantActions {
  /** Chooses the site for a `ChoiceView`; without a site, the next call asks. */
  readonly chooseDefaultSite: (
    origin: Origin,
    key: string,
    site: GrantedSite | undefined,
  ) => Promise<void>;
  /** Lets the page ask again. */
  readonly forgetDenial: (denial: DenialView) => Promise<void>;
}

export function createGrantActions(
  { send }: { readonly send: Send },
  { runAndReload }: PendingActions,
): GrantActions {
  return {
    chooseDefaultSite: (origin, key, site) =>
      runAndReload(`choose ${origin} ${key}`, () =>
        send('grant.choose', { origin, key, ...(site === undefined ? {} : { site }) }),
      ),
    forgetDenial: ({ origin, id }) =>
      runAndReload(`forget ${id}`, () => send('denial.forget', { origin, id })),
  };
}
