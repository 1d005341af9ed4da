import { grantedSiteId, type GrantedSite } from '../grant/page-grant.ts';
import { siteId, type Product } from '../session/site.ts';

/** A granted site, and the address of its API. */
export interface ReachableSite extends GrantedSite {
  /** The site's own URL: from accessible-resources, or from the client configuration. */
  readonly url: string;
  /** As the provider reports it. Not unique. */
  readonly name: string;
  /** Base URL of the gateway through which the site is called; absent when it is called at its own URL. */
  readonly gateway?: string;
  /** The provider's own endpoints, when it may serve them beside its API. */
  readonly protocolEndpoints?: readonly string[];
}

/** Granted sites in the order of the grant. */
export type Sites = readonly ReachableSite[];

/** A site that is called at its own URL. */
interface OwnSite {
  readonly site: ReachableSite;
  /** The path of its base URL, without a slash at its end. */
  readonly context: string;
}

/** The granted sites by what a call may name. */
export interface SiteIndex {
  /** By the id that a page gets, and by product and cloud id alone, which several accounts may share. */
  readonly byId: ReadonlyMap<string, Sites>;
  /** By {@link urlKey}. */
  readonly byUrl: ReadonlyMap<string, Sites>;
  readonly byName: ReadonlyMap<string, Sites>;
  readonly byProduct: ReadonlyMap<Product, Sites>;
  readonly byAccount: ReadonlyMap<string, Sites>;
  /** Those of a gateway, by {@link cloudKey}. */
  readonly cloud: ReadonlyMap<string, Sites>;
  /** Those of a gateway, by {@link gatewayKey}. */
  readonly behind: ReadonlyMap<string, Sites>;
  /** Those that are called at their own URL, by its origin; the longest context path first. */
  readonly own: ReadonlyMap<string, readonly OwnSite[]>;
  readonly gateways: ReadonlySet<string>;
  /** The origins of all sites. */
  readonly origins: ReadonlySet<string>;
  /** The first site that is called at its own URL. */
  readonly firstOwn: ReachableSite | undefined;
}

/** A grant may have thousands of sites, and every call looks for some of them. */
const known = new WeakMap<Sites, SiteIndex>();

/** The index of a list of sites, which is made once: the list must not change. */
export function siteIndex(sites: Sites): SiteIndex {
  const before = known.get(sites);
  if (before !== undefined) return before;
  const index = indexOf(sites);
  known.set(sites, index);
  return index;
}

/** The key of a cloud site by its own URL. */
export function cloudKey(origin: string, product: Product): string {
  return `${product} ${origin}`;
}

/** The key of a cloud site by the URL of its gateway. */
export function gatewayKey(origin: string, product: Product, cloudId: string): string {
  return `${product} ${cloudId} ${origin}`;
}

/** A site's URL as a page may write it, with or without one slash at its end; undefined for what is no plain URL. */
export function urlKey(text: string): string | undefined {
  if (!/^https?:\/\/[^\s\\@?#]+$/iu.test(text)) return undefined;
  const url = URL.parse(text);
  return url === null ? undefined : `${url.origin}${url.pathname.replace(/\/$/u, '')}`;
}

function indexOf(sites: Sites): SiteIndex {
  const ownSites = sites.filter(({ gateway }) => gateway === undefined);
  const cloudSites = sites.filter(({ gateway }) => gateway !== undefined);
  const originOf = originReader();
  const gatewayOf = ({ gateway, url }: ReachableSite): string => originOf(gateway ?? url);
  const byId = grouped(sites, siteId);
  for (const site of sites) add(byId, grantedSiteId(site), site);
  return {
    byId,
    byUrl: grouped(sites, ({ url }) => urlKey(url.replace(/\/+$/u, '')) ?? url),
    byName: grouped(sites, ({ name }) => name),
    byProduct: grouped(sites, ({ product }) => product),
    byAccount: grouped<string>(sites, ({ sessionId }) => sessionId),
    cloud: grouped(cloudSites, ({ url, product }) => cloudKey(originOf(url), product)),
    behind: grouped(cloudSites, (site) => gatewayKey(gatewayOf(site), site.product, site.cloudId)),
    own: byOrigin(ownSites),
    gateways: new Set(cloudSites.map(gatewayOf)),
    origins: new Set(sites.map(({ url }) => originOf(url))),
    firstOwn: ownSites[0],
  };
}

/** Reads the origin of a URL, of each URL once: thousands of sites have the same gateway. */
function originReader(): (url: string) => string {
  const read = new Map<string, string>();
  return (url) => {
    const origin = read.get(url) ?? new URL(url).origin;
    read.set(url, origin);
    return origin;
  };
}

function byOrigin(sites: Sites): Map<string, OwnSite[]> {
  const groups = new Map<string, OwnSite[]>();
  for (const site of sites) {
    const { origin, pathname } = new URL(site.url);
    add(groups, origin, { site, context: pathname.replace(/\/+$/u, '') });
  }
  for (const group of groups.values())
    group.sort((one, other) => other.context.length - one.context.length);
  return groups;
}

function grouped<K>(sites: Sites, keyOf: (site: ReachableSite) => K): Map<K, ReachableSite[]> {
  const groups = new Map<K, ReachableSite[]>();
  for (const site of sites) add(groups, keyOf(site), site);
  return groups;
}

function add<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
