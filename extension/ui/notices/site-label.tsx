import { siteId } from '#core/session/site.ts';
import type { GrantView, SiteView } from '#wire/views.ts';
import { Avatar } from '../controls/avatar.tsx';
import { t } from '../i18n.ts';

/** A site in a list: picture, name, product and host. */
export function SiteLabel({ site }: { readonly site: SiteView }) {
  return (
    <span class="site">
      <Avatar name={site.name} dataUrl={site.avatarDataUrl} />
      <span class="site-text">
        <span>{siteName(site)}</span>
        <small>{siteHost(site)}</small>
      </span>
    </span>
  );
}

interface GrantedSitesProps {
  readonly sites: GrantView['sites'];
  /** The class of the list. */
  readonly class: string;
}

/** The sites of a grant, each with the account that is used for it. */
export function GrantedSites(props: GrantedSitesProps) {
  return (
    <ul class={props.class}>
      {props.sites.map((site) => (
        <li key={siteId(site)} class="row">
          <SiteLabel site={site} />
          {site.accountName === undefined ? null : (
            <span class="muted small">{site.accountName}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The text for a site: its name and its product. */
export function siteName({ name, product }: SiteView): string {
  return `${name} ${t(`product_${product}`)}`;
}

/** The host in a site's URL. */
function siteHost(site: SiteView): string {
  return URL.canParse(site.url) ? new URL(site.url).host : site.url;
}
