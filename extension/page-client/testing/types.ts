import type { Access, PageSite, Product, Threelo } from '#wire/page-api.ts';

/** An account that calls sites. */
export interface TestAccount {
  /** The value for the `account` option of `fetch`: letters, digits and `-`. */
  readonly id: string;
  /** Default: empty, as when its provider told none. */
  readonly name?: string;
}

/** A site to grant. */
export interface TestSite {
  /** The site's own address, e.g. `https://acme.atlassian.net`. */
  readonly url: string;
  /** Default: `jira`. */
  readonly product?: Product;
  /** Default: the host. */
  readonly name?: string;
  readonly avatarUrl?: string;
  /** Atlassian's id of a cloud site, as in gateway URLs. Default: made of the address. */
  readonly cloudId?: string;
  /** Whether it is called through Atlassian's gateway. Default: whether its host is below `atlassian.net`. */
  readonly isCloud?: boolean;
  /** The id of the account that calls it. Default: that of the first account. */
  readonly account?: string;
}

/** What the person allowed the page. */
export interface TestConnection {
  /** None: the page is not connected. */
  readonly sites: readonly TestSite[];
  /** Default: `read`. */
  readonly access?: Access;
  /** The paths that may be called, as prefixes with whole segments (`/rest/api/3/issue/`). Default: all. */
  readonly paths?: readonly string[];
}

/** A call that was sent to a site. */
export interface TestCall {
  readonly method: string;
  /** The URL at the site. */
  readonly url: string;
  /** The path below the site's address, and the query. */
  readonly path: string;
  readonly site: PageSite;
  /** The headers that were sent, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as UTF-8 text; empty without a body. */
  readonly body: string;
}

/** What the person is asked: to choose one of several sites, or to allow more. */
export type TestQuestion =
  | { readonly kind: 'site'; readonly sites: readonly PageSite[] }
  | {
      readonly kind: 'access';
      readonly access: Access;
      /** The products that the page named. */
      readonly products?: readonly Product[];
      /** The paths that the page named. */
      readonly paths?: readonly string[];
    };

/**
 * The person's answer: `false` denies, `true` allows what was asked (of several sites the first), a site's id chooses it, and an
 * object allows other things than were asked.
 */
export type TestDecision = boolean | string | Partial<TestConnection>;

/** How a double behaves. */
export interface TestOptions extends TestConnection {
  /** Default: one without a name. */
  readonly accounts?: readonly TestAccount[];
  /** What the sites answer. Default: 404. What it throws becomes the `cause` of an `unavailable`, unless it is a `refusal`. */
  readonly answer?: (request: Request, call: TestCall) => Response | Promise<Response>;
  /** What the person answers. Default: denies. */
  readonly decide?: (question: TestQuestion) => TestDecision | Promise<TestDecision>;
  /** The version of the extension. Default: `0.0.0`. */
  readonly version?: string;
}

/** A double of Threelo for one page. */
export interface TestThreelo {
  /** The page API, as a connected page has it. After a reconnection it is another one. */
  readonly threelo: Threelo;
  /** The calls that were sent to a site, in order. */
  readonly calls: readonly TestCall[];
  /** The questions that the person was asked, in order. */
  readonly questions: readonly TestQuestion[];
  /** The person connects the page, or changes the connection in the popup. What is not named is as by default. */
  grant(connection: TestConnection): void;
  /** The person disconnects the page. */
  disconnect(): void;
  /**
   * Makes it the `window.threelo` of a page, with its `threelo:ready` events: now if the page is connected, else when it is.
   * @param window - default: the global object
   * @returns the function that removes it
   */
  install(window?: object): () => void;
}
