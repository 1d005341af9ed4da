import { chosenCandidate } from '../grant/grant-choices.ts';
import {
  choiceKey,
  grantedSiteId,
  type ChoiceScope,
  type ChosenSites,
} from '../grant/page-grant.ts';
import type { Product } from '../session/site.ts';
import { BrokerError } from '../values/fault.ts';
import { hasAmbiguousHost } from '../values/origin.ts';
import {
  cloudKey,
  gatewayKey,
  siteIndex,
  urlKey,
  type ReachableSite,
  type SiteIndex,
  type Sites,
} from './reachable-site.ts';

/** What a call says of where it goes. */
export interface NamedTarget {
  /** A path, or an absolute URL. */
  readonly input: string;
  /** A site: its id, its URL or its name. */
  readonly site?: string | undefined;
  /** The id of an account. */
  readonly account?: string | undefined;
}

/** Where a call may go. */
export interface CallAddress {
  /** Path and query below the site's URL, as the page wrote them. */
  readonly rawPath: string;
  /** The granted sites that the call may mean, all of one product. */
  readonly candidates: Sites;
  /** For several candidates: the calls for which the person's choice among them holds. */
  readonly scope: ChoiceScope;
  /** Why no candidate is called: none is granted, or the name does not tell which is meant. */
  readonly refusal?: BrokerError;
}

/** A granted site to choose, and what the choice holds for. */
export interface SiteChoice {
  readonly scope: ChoiceScope;
  readonly candidates: Sites;
}

/** The most ids of candidates that a page is told. */
const maxCandidates = 100;

/** The fault of a call that fits several sites, of which none was chosen. */
export function siteRequired(candidates: Sites): BrokerError {
  return new BrokerError('site_required', {
    candidates: candidates.slice(0, maxCandidates).map(grantedSiteId),
  });
}

/** The candidate that the person chose. */
export function chosenSite(
  { scope, candidates }: SiteChoice,
  chosen: ChosenSites,
): ReachableSite | undefined {
  return chosenCandidate(candidates, chosen[choiceKey(scope)]);
}

const gatewayPath = /^\/ex\/(jira|confluence)\/([^/?#]+)(?=\/)/iu;
const authority = /^https?:\/\/[^/?#\\]+/iu;

/**
 * Decides which granted sites a call may mean.
 * - A path goes to the site and the account that the call names. Without a site, it goes to Confluence when it begins with
 *   `/wiki/`, else to Jira; when that product is not granted, it goes to the product that is called at its own URL.
 * - An absolute URL goes to the granted site whose `url` it begins with, unless the call names another site or account.
 * @throws BrokerError `invalid_request` with subject `url`
 */
export function callAddress(call: NamedTarget, sites: Sites): CallAddress {
  const index = siteIndex(sites);
  const named = call.site === undefined ? undefined : namedSites(call.site, index);
  const isPath = call.input.startsWith('/') && !call.input.startsWith('//');
  const found = isPath ? pathFound(call, index, named) : urlFound(call.input, index);
  const atSite =
    isPath || named === undefined
      ? found.sites
      : found.sites.filter((site) => named.sites.includes(site));
  const matching =
    call.account === undefined
      ? atSite
      : atSite.filter(({ sessionId }) => sessionId === call.account);
  const { product = found.product } = matching[0] ?? {};
  const candidates = isPath ? matching : matching.filter((site) => site.product === product);
  const address = {
    rawPath: found.rawPath,
    candidates,
    scope: scopeOf(candidates, { product, isSiteNamed: !isPath || named !== undefined, call }),
  };
  if (candidates.length === 0) {
    const isGranted = call.account === undefined || index.byAccount.has(call.account);
    const subject = isGranted && atSite.length === 0 ? 'site' : 'account';
    return { ...address, refusal: new BrokerError('not_allowed', { subject }) };
  }
  // A name does not tell which site is meant, and the page can tell it by an id.
  const isUnclear = isPath && named?.by === 'name' && !isOneSite(candidates);
  return isUnclear ? { ...address, refusal: siteRequired(candidates) } : address;
}

function scopeOf(
  candidates: Sites,
  {
    product,
    isSiteNamed,
    call,
  }: {
    readonly product: Product;
    readonly isSiteNamed: boolean;
    readonly call: NamedTarget;
  },
): ChoiceScope {
  const [site] = candidates;
  if (isSiteNamed && site !== undefined && isOneSite(candidates))
    return { product, cloudId: site.cloudId };
  const isAccountNamed = call.account !== undefined && site !== undefined;
  return isAccountNamed ? { product, sessionId: site.sessionId } : { product };
}

function isOneSite([first, ...others]: Sites): boolean {
  return others.every((site) => site.cloudId === first?.cloudId);
}

/** The sites that a path or a URL may mean, before those of other sites and accounts than the named ones are left out. */
interface Found {
  readonly rawPath: string;
  readonly sites: Sites;
  /** The product that is meant when no site is granted. */
  readonly product: Product;
}

interface NamedSites {
  readonly sites: Sites;
  readonly by: 'id' | 'url' | 'name';
}

/** The granted sites that the option `site` names; of both products, when it is a URL or a name. */
function namedSites(text: string, { byId, byUrl, byName }: SiteIndex): NamedSites {
  const ofId = byId.get(text);
  if (ofId !== undefined) return { sites: ofId, by: 'id' };
  const key = urlKey(text);
  const ofUrl = key === undefined ? undefined : byUrl.get(key);
  if (ofUrl !== undefined) return { sites: ofUrl, by: 'url' };
  return { sites: byName.get(text) ?? [], by: 'name' };
}

function pathFound(
  { input, account }: NamedTarget,
  index: SiteIndex,
  named: NamedSites | undefined,
): Found {
  const usual = productOfPath(input);
  if (named !== undefined)
    return { rawPath: input, sites: ofProduct(named, usual), product: usual };
  const within = account === undefined ? index : siteIndex(index.byAccount.get(account) ?? none);
  const isUsual = within.firstOwn === undefined || within.byProduct.has(usual);
  const product = isUsual ? usual : within.firstOwn.product;
  return { rawPath: input, sites: within.byProduct.get(product) ?? [], product };
}

const none: Sites = [];

/** The named sites of one product: of the one that the path belongs to, if the name leaves that open. */
function ofProduct({ sites, by }: NamedSites, usual: Product): Sites {
  if (by === 'id') return sites;
  const ofUsual = sites.filter(({ product }) => product === usual);
  const [first] = sites;
  // As with the same path behind the URL: a cloud site has the paths of both products.
  const isOther = by === 'url' && first?.gateway !== undefined;
  if (ofUsual.length > 0 || isOther) return ofUsual;
  return sites.filter(({ product }) => product === first?.product);
}

function urlFound(input: string, index: SiteIndex): Found {
  const url = URL.parse(input);
  if (url === null || input.includes('\\')) throw invalidUrl();
  const written = authority.exec(input);
  if (!written || /[@\s]/u.test(written[0])) throw invalidUrl();
  const rawPath = input.slice(written[0].length);
  if (hasAmbiguousHost(url)) throw invalidUrl();
  const { origin, protocol } = url;
  // Plain http is allowed for granted sites only.
  if (protocol === 'http:' && !index.origins.has(origin)) throw invalidUrl();
  return (
    gatewayFound(origin, rawPath, index) ??
    ownFound(origin, rawPath, index) ??
    cloudFound(origin, rawPath, index)
  );
}

/** A URL at the gateway of a granted site. */
function gatewayFound(
  origin: string,
  rawPath: string,
  { gateways, behind }: SiteIndex,
): Found | undefined {
  const [prefix, name, cloudId] = gatewayPath.exec(rawPath) ?? [];
  if (prefix === undefined || cloudId === undefined || !gateways.has(origin)) return undefined;
  const product = name?.toLowerCase() === 'confluence' ? 'confluence' : 'jira';
  const sites = behind.get(gatewayKey(origin, product, cloudId)) ?? [];
  return { rawPath: rawPath.slice(prefix.length), sites, product };
}

/** A URL below the base URL of a granted site. When several match, the one with the longest context path. */
function ownFound(origin: string, rawPath: string, { own }: SiteIndex): Found | undefined {
  const below = (own.get(origin) ?? []).filter(({ context }) => rawPath.startsWith(`${context}/`));
  const [longest] = below;
  if (longest === undefined) return undefined;
  const { context, site } = longest;
  const sites = below.filter((other) => other.context === context).map((other) => other.site);
  return { rawPath: rawPath.slice(context.length), sites, product: site.product };
}

function cloudFound(origin: string, rawPath: string, { cloud }: SiteIndex): Found {
  const product = productOfPath(rawPath);
  return { rawPath, sites: cloud.get(cloudKey(origin, product)) ?? [], product };
}

function productOfPath(path: string): Product {
  return path.startsWith('/wiki/') ? 'confluence' : 'jira';
}

function invalidUrl(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'url' });
}
