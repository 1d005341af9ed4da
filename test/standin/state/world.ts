import type { StandinClock } from '../facts/clock.ts';
import type { CloudHosts } from '../facts/hosts.ts';
import type { Accounts, Site } from '../facts/sites.ts';
import type { Limits } from '../limits/limits.ts';
import type { App, Apps } from './apps.ts';
import type { Auditor } from './auditor.ts';
import type { Codes } from './codes.ts';
import type { Content, StoredFile } from './content.ts';
import type { Settings } from './settings.ts';
import type { TokenFamilies } from './token-families.ts';

/** Everything the endpoints act on. */
export interface World {
  readonly hosts: CloudHosts;
  readonly settings: Settings;
  readonly clock: StandinClock;
  readonly apps: Apps;
  readonly accounts: Accounts;
  readonly sites: Site[];
  readonly codes: Codes;
  readonly families: TokenFamilies;
  readonly auditor: Auditor;
  readonly content: Content;
  readonly limits: Limits;
  /** Keys in the addresses of the media service: each is good for one file. */
  readonly mediaTokens: Map<string, { readonly file: StoredFile; readonly untilMs: number }>;
  /** Logged-in browsers: session cookie value → account id. */
  readonly logins: Map<string, string>;
  /** Consent pages on show, by their ticket. */
  readonly tickets: Map<string, ConsentRequest>;
  /** States that were sent back to an app. */
  readonly seenStates: Set<string>;
}

/** A checked authorize request. */
export interface ConsentRequest {
  readonly app: App;
  readonly redirectUri: string;
  readonly scopes: string[];
  readonly state: string | null;
  readonly codeChallenge: string | null;
  /** The `resource` parameter (RFC 8707) was sent: the exchange will fail. */
  readonly hasResource: boolean;
  readonly accountId: string;
}
