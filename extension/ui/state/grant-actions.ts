import type { GrantedSite } from '#core/grant/page-grant.ts';
import { extensionIdOf, type Origin } from '#core/values/origin.ts';
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
  { runAndReload, say }: PendingActions,
): GrantActions {
  return {
    chooseDefaultSite: (origin, key, site) =>
      runAndReload(`choose ${origin} ${key}`, () =>
        send('grant.choose', { origin, key, ...(site === undefined ? {} : { site }) }),
      ),
    forgetDenial: ({ origin, id }) =>
      runAndReload(`forget ${id}`, async () => {
        await send('denial.forget', { origin, id });
        say({ text: ['said_denial_forgotten', granteeText(origin)] });
      }),
  };
}

/** The origin of pages, or the id of another extension. */
export function granteeText(origin: Origin): string {
  return extensionIdOf(origin) ?? origin;
}
