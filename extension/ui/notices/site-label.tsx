import type { SiteView } from '#wire/views.ts';
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

/** The text for a site: its name and its product. */
export function siteName({ name, product }: SiteView): string {
  return `${name} ${t(`product_${product}`)}`;
}

/** The host in a site's URL. */
function siteHost(site: SiteView): string {
  return URL.canParse(site.url) ? new URL(site.url).host : site.url;
}
