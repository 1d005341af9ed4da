import type { GrantView, SiteView } from '#wire/views.ts';
import { accountTexts } from '../account-text.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Name, Sentence } from '../controls/name.tsx';
import { t } from '../i18n.ts';

interface SiteLabelProps {
  readonly site: SiteView;
  /** The account that calls the site, where that is to be shown. */
  readonly accountText?: string | undefined;
}

/** A site in a list: picture, name, product, host, and whose account calls it. */
export function SiteLabel({ site, accountText }: SiteLabelProps) {
  return (
    <span class="site">
      <Avatar name={site.name} dataUrl={site.avatarDataUrl} />
      <span class="site-text">
        <span>
          <SiteName site={site} />
        </span>
        <small>
          <Name text={siteHost(site)} />
          {accountText === undefined ? null : (
            <>
              {' · '}
              <Sentence of="as_account" names={[accountText]} />
            </>
          )}
        </small>
      </span>
    </span>
  );
}

type NamedSite = Pick<SiteView, 'name' | 'product'>;

/** The text for a site: its name and its product. */
export function siteName({ name, product }: NamedSite): string {
  return t('site_named', name, t(`product_${product}`));
}

/** The same, with the name isolated. */
export function SiteName({ site: { name, product } }: { readonly site: NamedSite }) {
  return <Sentence of="site_named" names={[name, <>{t(`product_${product}`)}</>]} />;
}

/** The texts for sites that are shown together: with the account, where several sessions have them. */
export function siteTexts(sites: readonly ListedSite[]): (site: ListedSite) => string {
  const accounts = new Map(sites.map(({ sessionId, account }) => [sessionId, account]));
  const textOf = accountTexts([...accounts.values()]);
  return (site) =>
    accounts.size > 1 ? t('site_as_account', siteName(site), textOf(site.account)) : siteName(site);
}

type ListedSite = GrantView['sites'][number];

/** The host in a site's URL. */
export function siteHost({ url }: Pick<SiteView, 'url'>): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
