import type { Access } from '../core/call/page-grant.ts';
import type { ClientDraft, ClientId, DraftSecret } from '../core/client/client-configuration.ts';
import type { PostmanProblem } from '../core/import/postman/collection.ts';
import type { PostmanWarning } from '../core/import/postman/field-reader.ts';
import type { ProblemName } from '../core/protocol/oauth1-problems.ts';
import type { SignatureDiagnostics } from '../core/protocol/signature-diagnostics.ts';
import type { Account, SessionId, SessionStatus } from '../core/session/session.ts';
import type { Product, SiteKey } from '../core/session/site.ts';
import type { Fault, FieldProblem } from '../core/values/fault.ts';
import type { Origin } from '../core/values/origin.ts';
import type { Settings } from '../core/values/settings.ts';

/** A client configuration as the extension's pages see it: whether there is a secret, never which. */
export interface ClientView extends Omit<ClientDraft, DraftSecret> {
  readonly id: ClientId;
  readonly hasSecret: boolean;
  /** When the token endpoint last refused the client ID or the secret; absent since it took them, or they were saved anew. */
  readonly rejectedAtMs?: number;
  /** The callback URL to register for this client, in this browser. */
  readonly redirectUri: string;
  /** The key that the server checks RSA-SHA1 signatures with, in PEM. */
  readonly publicKeyPem?: string;
  /** The private key of the pair is gone, so nothing can be signed until there is another pair. */
  readonly isKeyPairLost?: boolean;
}

/** A request that was signed by OAuth 1.0a, and what the server said. No token is in it. */
export interface SignedRequestView {
  readonly atMs: number;
  readonly phase: 'temporary-credentials' | 'token-credentials' | 'renewal' | 'call';
  readonly signature: SignatureDiagnostics;
  /** The answer's HTTP status. */
  readonly status: number;
  /** Why the server refused it, in its own word. */
  readonly problem?: ProblemName;
  /** How far the time that was signed was ahead of our clock, in milliseconds. */
  readonly usedOffsetMs: number;
  /** The same of the server's clock, if the answer told. */
  readonly answeredOffsetMs: number | undefined;
}

/** What a look at the signatures of a client found. */
export interface Diagnosis {
  /** Newest first: those of this look, and of what was sent shortly before. */
  readonly requests: readonly SignedRequestView[];
  /** What went wrong; absent when the server took every signature. */
  readonly fault?: Fault;
  /** Whether a call with a session's token was among them. */
  readonly hasCalled: boolean;
}

/** A site as the extension's pages see it; the avatar is a data URL, for their policy loads nothing else. */
export interface SiteView extends SiteKey {
  readonly url: string;
  readonly name: string;
  readonly avatarDataUrl?: string;
}

/** A session as the extension's pages see it. */
export interface SessionView {
  readonly id: SessionId;
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly account: Omit<Account, 'key'>;
  readonly status: SessionStatus;
  readonly statusSinceMs: number;
  /** When a session that cannot be refreshed ends. */
  readonly endsAtMs?: number;
  /** It cannot be refreshed and does not live as long as the settings ask for. */
  readonly isShortLived: boolean;
  /** The token endpoint refuses the client of this session. */
  readonly isClientRejected: boolean;
  /** The client's RSA key is gone: calls fail until the client has a new one. */
  readonly isKeyPairLost?: boolean;
  readonly sites: readonly SiteView[];
  /** When the provider was last asked for the sites: they are kept, not asked for at each call. */
  readonly sitesReadAtMs?: number;
  /** Sites that the grant reached once and no longer does. */
  readonly lostSites: readonly SiteView[];
  /** False while nobody could be asked yet whose session it is; no page can be connected to it then. */
  readonly isIdentified: boolean;
  readonly currentSite?: SiteKey;
  /** Scopes that the client asks for and the grant lacks. */
  readonly missingScopes: readonly string[];
}

/** A connected page as the extension's pages see it. */
export interface GrantView {
  readonly origin: Origin;
  readonly access: Access;
  readonly grantedAtMs: number;
  readonly sites: readonly (SiteView & {
    readonly sessionId: SessionId;
    readonly accountName?: string;
  })[];
  /** False when the browser's own switch withholds the origin: the grant sleeps until it is given back. */
  readonly hasHostPermission: boolean;
}

/** The sign-in that is running, or the last one that ended and was not yet dismissed. */
export interface FlowView {
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly state: 'waiting' | 'exchanging' | 'succeeded' | 'failed';
  readonly startedAtMs: number;
  /** Set when `state` is `failed`; with `succeeded` only `no_site` occurs. */
  readonly fault?: Fault;
  readonly sessionId?: SessionId;
  /** The session that was to be renewed; another `sessionId` means that another account signed in. */
  readonly renews?: SessionId;
}

/** A sign-in with the id that it is asked for by. */
export interface CreatedFlow extends FlowView {
  readonly id: string;
}

/** All that popup and options draw, in one answer. */
export interface Overview {
  readonly clients: readonly ClientView[];
  readonly sessions: readonly SessionView[];
  readonly grants: readonly GrantView[];
  readonly flow?: FlowView;
  /** Hosts that the browser withholds although sessions or the manifest count on them, as match patterns to request. */
  readonly missingHostPatterns: readonly string[];
  /** What has to be requested before a sign-in with a client, by its id; no entry when nothing is missing. */
  readonly missingHostPatternsOf: Readonly<Record<ClientId, readonly string[]>>;
  /** What could not be read from the store; empty in health. */
  readonly storageFaults: readonly Fault[];
}

/** How the sessions are kept. Units and bounds are in `settingFields`. */
export interface SettingsView {
  readonly values: Settings;
  readonly defaults: Settings;
}

/** What would go with a configuration if it were deleted. */
export interface ClientImpact {
  readonly sessions: readonly SessionView[];
  readonly origins: readonly Origin[];
}

/** What came of an import: all configurations were created, or (with a fault) none. */
export interface ImportResult {
  readonly created: readonly ClientView[];
}

/** What is told of every configuration that was found in a Postman collection. */
interface ImportEntry {
  /** Its name once it is saved; one that is free. */
  readonly name: string;
  /** Where it is used: names of collection, folders and request. */
  readonly places: readonly (readonly string[])[];
  readonly hasSecret: boolean;
  readonly warnings: readonly PostmanWarning[];
  /** Fields of the file that mean nothing to Threelo. */
  readonly unknownFields: readonly string[];
  /** What the file lacks, by member. */
  readonly missing: readonly string[];
  /** What keeps it from being saved, as far as the file says. */
  readonly problems: readonly FieldProblem[];
  /** Parameters and addresses of the file that the configuration has no place for. */
  readonly leftOut: readonly string[];
}

/** A configuration that an import would save. */
export interface ImportedClientView extends ImportEntry {
  readonly kind: 'oauth2';
  readonly client: Omit<ClientDraft, DraftSecret>;
}

/** An OAuth 1.0a consumer. Its server has to be told when it is chosen; its problems are those of its private key. */
export interface ImportedConsumerView extends ImportEntry {
  readonly kind: 'oauth1';
  readonly consumerKey: string;
  readonly signatureMethod: 'RSA-SHA1' | 'HMAC-SHA1';
}

/** One configuration of a preview; its place in there names it. */
export type ImportEntryView = ImportedClientView | ImportedConsumerView;

/** What a Postman collection would bring, or why it cannot be read. */
export type ImportPreview =
  | { readonly name: string; readonly entries: readonly ImportEntryView[] }
  | { readonly problem: PostmanProblem };

/** A question of a connected page that waits for the person. */
export interface AskView {
  readonly id: string;
  readonly origin: Origin;
  /** `site`: which of several sites a path goes to. `access`: more sites, or write access. */
  readonly kind: 'site' | 'access';
  readonly product?: Product;
  readonly access: Access;
  /** What can be chosen; `isGranted` marks what the page has already. */
  readonly sites: readonly (SiteView & {
    readonly sessionId: SessionId;
    readonly accountName?: string;
    readonly isGranted: boolean;
  })[];
}

/** A granted site as a page sees it: what `threelo.sites()` resolves to. */
export interface PageSite {
  /** Stable within this connection; the value for the `site` option of `threelo.fetch`. */
  readonly id: string;
  readonly product: Product;
  readonly url: string;
  readonly name: string;
  readonly avatarUrl?: string;
  readonly access: Access;
}
