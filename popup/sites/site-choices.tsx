import type { GrantedSite } from '#core/grant/page-grant.ts';
import { siteId } from '#core/session/site.ts';
import { SiteLabel } from '#ui/notices/site-label.tsx';
import type { SiteView } from '#wire/views.ts';
import { grantedSite, isChosen } from './site-selection.ts';

/** A site that can be chosen, with the session that would be used for it. */
export type ChoosableSite = SiteView & GrantedSite;

interface SiteChoicesProps {
  /** `radio` if exactly one site is to be chosen. */
  readonly type: 'checkbox' | 'radio';
  readonly legend: string;
  readonly sites: readonly ChoosableSite[];
  readonly selection: readonly GrantedSite[];
  readonly onToggle: (site: GrantedSite) => void;
}

/** The sites of one account to choose from. */
export function SiteChoices({ type, legend, sites, selection, onToggle }: SiteChoicesProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <ul class="sites">
        {sites.map((site) => (
          <li key={`${siteId(site)} ${site.sessionId}`}>
            <label class="choice">
              <input
                type={type}
                name="site"
                checked={isChosen(selection, site)}
                onChange={() => {
                  onToggle(grantedSite(site));
                }}
              />
              <SiteLabel site={site} />
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
