import type { PageSite, Threelo } from '#wire/page-api.ts';
import { find, isNotConnected, newest, page } from './newest.ts';

/** How {@link route} finds the sites. */
export interface RouteOptions {
  /** The page API to use. Default: the newest `window.threelo`, also one that is there later. */
  readonly threelo?: Threelo;
  /** How long a call waits until the granted sites are known, in milliseconds; default 3,000. */
  readonly timeoutMs?: number;
}

/** A `fetch` that sends the calls of granted sites to Threelo. */
export type RoutedFetch = typeof globalThis.fetch & {
  /** From now on everything goes to the original, which also becomes the global `fetch` again if this one is it. */
  stop(): void;
};

/** The addresses of the granted sites. */
interface Addresses {
  /** Base URLs, each with a slash at its end. */
  readonly bases: readonly string[];
  /** The ids in gateway URLs. */
  readonly cloudIds: ReadonlySet<string | undefined>;
}

const none: Addresses = { bases: [], cloudIds: new Set() };
/** At a host of Atlassian's, which differs between its clouds; a proxy of the page's own may have the same paths. */
const gatewayUrl = /^https:\/\/api\.[^/]+\/ex\/\w+\/([^/]+)\//u;

/**
 * For libraries that always call the global `fetch`: `globalThis.fetch = route(globalThis.fetch)`. A call with an absolute
 * URL of a granted site (its own address, or the gateway's) goes to Threelo. Everything else goes to the original with the
 * same arguments and `this`: relative URLs, other hosts, and all calls while the page is not connected. The first call of
 * a connected page waits until its sites are known.
 */
export function route(
  original: typeof globalThis.fetch,
  { threelo, timeoutMs = 3000 }: RouteOptions = {},
): RoutedFetch {
  const api = threelo ?? newest();
  let isStopped = false;
  /** Those of the last answer. */
  let last = none;
  /** Those of now; undefined before the first answer since a change. */
  let known: Addresses | undefined;
  let asked: Promise<Addresses> | undefined;
  const forget = (): void => {
    known = asked = undefined;
  };
  const ask = (): Promise<Addresses> => {
    const own = new Promise<Addresses>((resolve) => {
      // Later calls do not wait for an answer that is late.
      const timer = setTimeout(resolve, timeoutMs, last);
      const settle = (found: Addresses | undefined): void => {
        clearTimeout(timer);
        if (asked === own) {
          known = found;
          last = found ?? last;
          // Without an answer the next call asks again.
          if (found === undefined) asked = undefined;
        }
        resolve(found ?? last);
      };
      api.sites().then(
        (sites) => {
          settle(addressesOf(sites));
        },
        (thrown: unknown) => {
          settle(isNotConnected(thrown) ? none : undefined);
        },
      );
    });
    return own;
  };
  const routed = function (this: unknown, ...args: Parameters<typeof globalThis.fetch>) {
    const passOn = (): Promise<Response> => Reflect.apply(original, this, args);
    const [input, init] = args;
    const url = absoluteUrl(input);
    const isConnectable = !isStopped && url !== undefined && (threelo ?? find()) !== undefined;
    if (!isConnectable) return passOn();
    const send = (addresses: Addresses): Promise<Response> =>
      isAt(url, addresses) ? api.fetch(input, init) : passOn();
    return known === undefined ? (asked ??= ask()).then(send) : send(known);
  };
  const stop = (): void => {
    isStopped = true;
    api.removeEventListener('change', forget);
    if (globalThis.fetch === routed) globalThis.fetch = original;
  };
  api.addEventListener('change', forget);
  return Object.assign(routed, { stop });
}

/** The URL of a call when the page wrote it in full; undefined for a path, and for a `Request` at this page's own origin. */
function absoluteUrl(input: string | URL | Request): URL | undefined {
  try {
    const isRequest = typeof input === 'object' && 'url' in input;
    const text = isRequest ? input.url : String(input);
    if (!/^https?:\/\//iu.test(text)) return undefined;
    const url = new URL(text);
    // It may have been made of a path.
    return isRequest && url.origin === page.location?.origin ? undefined : url;
  } catch {
    // The original tells the page what is wrong with it.
    return undefined;
  }
}

function addressesOf(sites: readonly PageSite[]): Addresses {
  return {
    bases: [...new Set(sites.map(({ url }) => `${new URL(url).href.replace(/\/$/u, '')}/`))],
    cloudIds: new Set(sites.map(({ id }) => id.split(':')[1])),
  };
}

function isAt({ origin, pathname }: URL, { bases, cloudIds }: Addresses): boolean {
  const address = `${origin}${pathname}/`;
  const [, cloudId] = gatewayUrl.exec(address) ?? [];
  return (
    (cloudId !== undefined && cloudIds.has(cloudId)) ||
    bases.some((base) => address.startsWith(base))
  );
}
