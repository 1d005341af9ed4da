import { grantedSite, type GrantedSite } from '#core/grant/page-grant.ts';
import { siteId } from '#core/session/site.ts';
import { accountText, accountTexts } from '../account-text.ts';
import { Name } from '../controls/name.tsx';
import { SiteLabel } from '../notices/site-label.tsx';
import type { AccountView, SiteView } from '#wire/views.ts';
import { isChosen } from './site-selection.ts';

/** A site that can be chosen, with the session that would be used for it. */
export type ChoosableSite = SiteView & GrantedSite & { readonly account: AccountView };

interface SiteChoicesProps {
  /** `radio` if exactly one site is to be chosen. */
  readonly type: 'checkbox' | 'radio';
  readonly sites: readonly ChoosableSite[];
  readonly selection: readonly GrantedSite[];
  readonly onToggle: (site: GrantedSite) => void;
}

/** The sites to choose from, by session. With several sessions, each site says whose account calls it. */
export function SiteChoices({ type, sites, selection, onToggle }: SiteChoicesProps) {
  const accounts = new Map(sites.map(({ sessionId, account }) => [sessionId, account]));
  const textOf = accountTexts([...accounts.values()]);
  return [...accounts].map(([id, account]) => (
    <fieldset key={id}>
      <legend>
        <Name text={accountText(account)} />
      </legend>
      <ul class="sites">
        {sites
          .filter(({ sessionId }) => sessionId === id)
          .map((site) => (
            <li key={siteId(site)}>
              <label class="choice">
                <input
                  type={type}
                  name="site"
                  checked={isChosen(selection, site)}
                  onChange={() => {
                    onToggle(grantedSite(site));
                  }}
                />
                <SiteLabel
                  site={site}
                  accountText={accounts.size > 1 ? textOf(site.account) : undefined}
                />
              </label>
            </li>
          ))}
      </ul>
    </fieldset>
  ));
}
