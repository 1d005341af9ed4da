import { PRODUCTS, withIncluded, type DcProduct } from './products.ts';

/** An external application with an incoming link. */
export interface DcApp {
  readonly clientId: string;
  clientSecret: string;
  readonly name: string;
  readonly redirectUri: string;
  /** The permissions ticked by the administrator, with all that they include. */
  readonly permissions: ReadonlySet<string>;
  /** What a request without a scope gets. */
  readonly registeredScopes: readonly string[];
}

/** The incoming links of one installation. */
export interface DcApps {
  /**
   * "Configure an incoming link".
   * @throws Error when the product's form would refuse the redirect URL, or knows no such permission
   */
  add(spec: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly redirectUri: string;
    readonly name?: string;
    /** Default: the widest permission of the product. */
    readonly scopes?: readonly string[];
  }): DcApp;
  get(clientId: string): DcApp | undefined;
}

/** No links yet. */
export function openDcApps(product: DcProduct): DcApps {
  const apps = new Map<string, DcApp>();
  const known = Object.keys(PRODUCTS[product].scopes);
  return {
    get: (clientId) => apps.get(clientId),
    add: ({ clientId, clientSecret, redirectUri, name = clientId, scopes = known.slice(-1) }) => {
      const fault = redirectFault(redirectUri);
      if (fault !== undefined) throw new Error(`${redirectUri}: ${fault}`);
      const strange = scopes.filter((scope) => !known.includes(scope));
      if (strange.length > 0) throw new Error(`No permission ${strange.join(', ')}`);
      const permissions = withIncluded(product, scopes);
      const app = { clientId, clientSecret, name, redirectUri, permissions };
      apps.set(clientId, { ...app, registeredScopes: [...scopes] });
      return apps.get(clientId)!;
    },
  };
}

/** "OAuth 2.0 provider system properties": skip.redirect.url.https.requirement is off, so http is for localhost alone. */
function redirectFault(redirectUri: string): string | undefined {
  const url = URL.parse(redirectUri);
  if (url === null) return 'not absolute';
  if (redirectUri.length > 450) return 'longer than 450 characters';
  if (url.hash !== '' || redirectUri.includes('#')) return 'has a fragment';
  return url.protocol === 'http:' && url.hostname !== 'localhost' ? 'not https' : undefined;
}
