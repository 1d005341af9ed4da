import * as v from 'valibot';
import { activityResults } from '#core/activity/activity-entry.ts';
import { maxEntries } from '#core/activity/activity-ring.ts';
import { isChoiceKey, maxGrantedSites } from '#core/grant/page-grant.ts';
import { maxListedCalls } from '#core/operations/listed-calls.ts';
import type { Operation } from '#core/operations/operation-table.ts';
import { maxImportedClients } from '#core/import/import-limits.ts';
import type { DiscoveryResult } from '#core/protocol/discovery-result.ts';
import { maxFileBytes } from '#core/transfer/export-file.ts';
import { isPassphrase, newPassphraseProblem } from '#core/transfer/passphrase.ts';
import { maxLabelLength } from '#core/session/session.ts';
import { products } from '#core/session/site.ts';
import { ProductSchema } from '#core/session/site-schemas.ts';
import {
  ApiRequestSchema,
  BodyChunkSchema,
  CallIdSchema,
  limitedArray,
  PermitQuestionSchema,
  type ApiChunk,
  type ApiReply,
} from './api-call.ts';
import {
  ConsoleCallSchema,
  ConsoleQuestionSchema,
  type ConsoleExplanation,
  type ConsoleResponse,
} from './console.ts';
import type {
  GrantRow,
  Listed,
  PopupView,
  SessionDetails,
  SessionRow,
  SiteRow,
} from './list-views.ts';
import {
  EmptyBody,
  uuid,
  ClientIdSchema,
  SessionIdSchema,
  requestedFlow,
  OriginSchema,
  AccessSchema,
  text,
  GrantedSiteSchema,
  answeredGrant,
  wantedPart,
  ListedCallSchema,
  ClientDraftSchema,
  SettingsDraftSchema,
} from './request-schemas.ts';
import type { AboutView } from './about-view.ts';
import type { PageSite, Permitted } from './page-api.ts';
import type {
  TransferFile,
  TransferPreview,
  TransferResult,
} from '#core/transfer/transfer-preview.ts';
import type {
  ActivityView,
  AskView,
  ClientImpact,
  ClientView,
  CreatedFlow,
  Diagnosis,
  FlowView,
  GrantView,
  ImportResult,
  Overview,
  SessionView,
  QuotaView,
  SettingsView,
} from './views.ts';

/**
 * Who may send a command: `ui` is a page of the extension, `page` the content script in a top-level document, `external`
 * another extension.
 */
export type CallerKind = 'ui' | 'page' | 'external';

type CallerKinds = readonly [CallerKind, ...CallerKind[]];

/** One row of the table. A row without callers, request schema or reply does not compile. */
export interface Command<Callers extends CallerKinds, Request, Value> {
  readonly callers: Callers;
  readonly request: v.GenericSchema<unknown, Request>;
  /** Carries the type that the handler resolves to. Never called. */
  readonly reply: () => Value;
}

function command<const C extends CallerKinds, R, V>(
  callers: C,
  request: v.GenericSchema<unknown, R>,
  reply: () => V,
): Command<C, R, V> {
  return { callers, request, reply };
}

/** Declares the type of a reply. */
function reply<V>(): () => V {
  return () => {
    throw new Error('a reply type has no value');
  };
}

/** An encrypted export, and what it is encrypted under. */
const exportedFile = {
  file: v.pipe(
    v.instance(ArrayBuffer),
    v.check(({ byteLength }) => byteLength <= maxFileBytes),
  ),
  passphrase: v.pipe(v.string(), v.check(isPassphrase)),
};

const ui = ['ui'] as const;
/** Whoever calls with a grant of the person. */
const page = ['page', 'external'] as const;

/**
 * All commands of the worker: who may send each one, what it needs, and what it returns. Every command fails with
 * `forbidden` for another caller and with `invalid_request` for a body of another shape, and can fail with
 * `storage_failed`. A row names its other fault codes; a test compares them with docs/messages.md.
 */
export const commands = {
  /** What the options page shows in every view. */
  'overview.get': command(ui, EmptyBody, reply<Overview>()),
  /**
   * What the popup shows over a page; `origin` is the page's, absent for a page that cannot be connected. `isOpening`: for the
   * first time. Then the grant or the sign-in that an earlier popup prepared, and that still waits for the browser's permission,
   * was denied: it ends, and `connectOutcome` or `flow` says so.
   */
  'popup.view': command(
    ui,
    v.object({
      origin: v.exactOptional(OriginSchema),
      isOpening: v.exactOptional(v.literal(true)),
    }),
    reply<PopupView>(),
  ),

  /** A configuration. Fails with `not_found`. */
  'client.get': command(ui, v.object({ id: ClientIdSchema }), reply<ClientView>()),
  /** Creates a configuration. Fails with `invalid_client` and the fields, `name_taken`, `http_forbidden`. */
  'client.create': command(ui, v.object({ client: ClientDraftSchema }), reply<ClientView>()),
  /**
   * Replaces a configuration; without a secret, keeps the stored one. Of one of the organization's policy, only a secret that the
   * policy does not give. Fails as `client.create`, `not_found`, `locked`, `managed`.
   */
  'client.update': command(
    ui,
    v.object({ id: ClientIdSchema, client: ClientDraftSchema }),
    reply<ClientView>(),
  ),
  /** Deletes a configuration and its sessions, and removes these from grants. Fails with `not_found`, `managed`. */
  'client.delete': command(ui, v.object({ id: ClientIdSchema }), reply<null>()),
  /** The sessions and origins that `client.delete` would affect. Fails with `not_found`. */
  'client.impact': command(ui, v.object({ id: ClientIdSchema }), reply<ClientImpact>()),
  /** The callback URL for an authorization endpoint, in this browser. */
  'client.redirect-uri': command(
    ui,
    v.object({ authorizationEndpoint: text }),
    reply<{ redirectUri: string; redirectUriSuffix: string }>(),
  ),
  /**
   * Creates clients, all or none. Fails with `invalid_import`; its fields are named by entry, counted
   * from 1, and member: `2.tokenEndpoint`.
   */
  'client.import': command(
    ui,
    v.object({
      clients: v.pipe(v.array(ClientDraftSchema), v.maxLength(maxImportedClients), v.readonly()),
    }),
    reply<ImportResult>(),
  ),
  /**
   * Reads the metadata document of an authorization server, unchecked but for its issuer; or says why there is none. Fails with
   * `permission_missing` and the match pattern.
   */
  'client.discover': command(
    ui,
    v.object({ issuer: text, isHttpAllowed: v.exactOptional(v.boolean()) }),
    reply<DiscoveryResult>(),
  ),

  /** Replaces the RSA key pair of an OAuth 1.0a client. Fails with `not_found`, `invalid_client`, `managed`. */
  'client.new-key-pair': command(ui, v.object({ id: ClientIdSchema }), reply<ClientView>()),
  /**
   * Sends signed requests of an OAuth 1.0a client; the reply has what was signed and what the server answered. Fails
   * with `not_found`, `invalid_client`, `permission_missing`.
   */
  'client.diagnose': command(ui, v.object({ id: ClientIdSchema }), reply<Diagnosis>()),

  /**
   * Stores a pending sign-in before the browser asks for the permissions of the client's hosts. The prompt may close the
   * popup; the worker starts the sign-in when all hosts are allowed. Expires after a minute, and when another sign-in
   * starts. Fails with `flow_in_progress`, `not_found`.
   */
  'flow.prepare': command(ui, v.object(requestedFlow), reply<{ id: string }>()),
  /** Cancels the pending sign-in of `flow.prepare`: the browser is about to ask for hosts for another purpose. */
  'flow.unprepare': command(ui, EmptyBody, reply<null>()),
  /**
   * Opens the sign-in window; `overview.get` has the outcome. `sessionId` is a session to renew: its scopes are requested
   * again. `preparedId` is the id of `flow.prepare`: when the worker has already started that sign-in, it is returned.
   * Fails with `flow_in_progress`, `permission_missing`, `not_found`, `http_forbidden`.
   */
  'flow.start': command(
    ui,
    v.object({ ...requestedFlow, preparedId: v.exactOptional(uuid) }),
    reply<FlowView>(),
  ),
  /** Closes the sign-in window. */
  'flow.cancel': command(ui, EmptyBody, reply<null>()),
  /** Brings the sign-in window to the front. Fails with `not_found` when there is none. */
  'flow.show': command(ui, EmptyBody, reply<null>()),
  /** Deletes the outcome that was shown. */
  'flow.dismiss': command(ui, EmptyBody, reply<null>()),

  /** Deletes a session, then sends a revocation request where the provider has an endpoint. Fails with `not_found`. */
  'session.sign-out': command(ui, v.object({ id: SessionIdSchema }), reply<null>()),
  /**
   * Reads the sites of a session again. Fails with `no_site`, `sites_unread`, `consent_required`, `provider_unreachable`,
   * `provider_answer_invalid`, `client_rejected`, `grant_rejected`, `locked`, `seal_broken`, `not_found`.
   */
  'session.refresh-sites': command(ui, v.object({ id: SessionIdSchema }), reply<SessionView>()),
  /**
   * Sites to choose from, those first that are granted to `origin`, then those with the host `host`, then those that were called
   * last. `filter`: words, all of which must occur in site, product, account or client, regardless of case and accents. `askId`: those that answer a question, whose origin is then meant.
   * `sessionId`: all of this session, otherwise those of sessions that can be used. `only`: of these alone. Fails with
   * `not_found` when the question has ended.
   */
  'site.find': command(
    ui,
    v.object({
      ...wantedPart,
      origin: v.exactOptional(OriginSchema),
      host: v.exactOptional(v.pipe(v.string(), v.maxLength(300))),
      askId: v.exactOptional(uuid),
      sessionId: v.exactOptional(SessionIdSchema),
      only: v.exactOptional(v.pipe(v.array(GrantedSiteSchema), v.maxLength(maxGrantedSites))),
    }),
    reply<Listed<SiteRow>>(),
  ),
  /**
   * Sessions. `filter`: words, all of which must occur in account, client or one site. `order` is `last-use` by default. `only`:
   * those that need the person.
   */
  'session.find': command(
    ui,
    v.object({
      ...wantedPart,
      order: v.exactOptional(v.picklist(['last-use', 'account'])),
      only: v.exactOptional(v.literal('needs-person')),
    }),
    reply<Listed<SessionRow>>(),
  ),
  /** What the person is told of one session. Fails with `not_found`. */
  'session.details': command(ui, v.object({ id: SessionIdSchema }), reply<SessionDetails>()),
  /**
   * Sets the person's own name for a session, shown in place of the account's; an empty one removes it. Characters that control
   * the text are replaced. Fails with `not_found`.
   */
  'session.rename': command(
    ui,
    v.object({ id: SessionIdSchema, label: v.pipe(v.string(), v.maxLength(maxLabelLength)) }),
    reply<null>(),
  ),

  /**
   * Connected pages and extensions, those first that called last. `filter`: words, all of which must occur in the origin, or in a
   * site and its account.
   */
  'grant.find': command(ui, v.object(wantedPart), reply<Listed<GrantRow>>()),
  /** A connection with all the sites that can be called, without images. Fails with `not_connected`. */
  'grant.get': command(ui, v.object({ origin: OriginSchema }), reply<GrantView>()),
  /**
   * Grants a page access to sites. Takes effect at once when the browser already allows the origin, else when the person
   * allows it in the browser's prompt, which may close the popup. Fails with `not_found`, `managed`, `blocked_by_policy`.
   */
  'grant.prepare': command(ui, v.object({ origin: OriginSchema, ...answeredGrant }), reply<null>()),
  /** Cancels what `grant.prepare` stored: the person denied the browser's prompt. Does nothing when nothing waits. */
  'grant.unprepare': command(ui, v.object({ origin: OriginSchema }), reply<null>()),
  /** Deletes `PopupView.connectOutcome`, which was shown. */
  'grant.dismiss': command(ui, EmptyBody, reply<null>()),
  /** Disconnects an origin and aborts its calls. Fails with `managed`. */
  'grant.remove': command(ui, v.object({ origin: OriginSchema }), reply<null>()),
  /** Suspends the grant of an origin and aborts its calls, or resumes it. Fails with `not_connected`, `managed`. */
  'grant.pause': command(
    ui,
    v.object({ origin: OriginSchema, isPaused: v.boolean() }),
    reply<null>(),
  ),
  /**
   * Chooses one of several sites of a grant for the calls that fit them; without `site`, the next call asks again. `key` as in
   * `ChoiceView`. Fails with `not_found` when the site is not one of the candidates, `not_connected`.
   */
  'grant.choose': command(
    ui,
    v.object({
      origin: OriginSchema,
      key: v.pipe(v.string(), v.maxLength(128), v.check(isChoiceKey)),
      site: v.exactOptional(GrantedSiteSchema),
    }),
    reply<null>(),
  ),
  /** Forgets that the person denied a question: the page may ask it again. Does nothing when it is not remembered. */
  'denial.forget': command(ui, v.object({ origin: OriginSchema, id: uuid }), reply<null>()),

  /** What the extension is and holds: versions, amounts, counts, host permissions, faults. */
  'about.get': command(ui, EmptyBody, reply<AboutView>()),
  /**
   * Signs out where the provider has an endpoint for that, for five seconds at most, and erases everything: both copies of the
   * store, keys, `storage.session`, scripts, host permissions, badge and notifications. Works also while the store cannot be read.
   * If the worker ends meanwhile, the next start completes it.
   */
  'everything.erase': command(ui, EmptyBody, reply<null>()),
  /** Encrypts everything but sessions under a passphrase of 12 to 1,024 characters. Fails with `locked`, `export_too_large`. */
  'transfer.export': command(
    ui,
    v.object({
      passphrase: v.pipe(
        v.string(),
        v.check((typed) => newPassphraseProblem(typed) === undefined),
      ),
    }),
    reply<TransferFile>(),
  ),
  /**
   * What an import of an encrypted file would change. Fails with `file_foreign`, `file_cut`, `file_damaged`, `file_newer`,
   * `file_beyond_limits`, `passphrase_wrong`, `file_contents_invalid`, `locked`.
   */
  'transfer.preview': command(ui, v.object(exportedFile), reply<TransferPreview>()),
  /**
   * Imports rows of a preview, all or none; `taken` has their ids, `secrets` what the person typed for clients of which neither the
   * file nor this profile has a secret. Fails as `transfer.preview`, and with `preview_outdated` when the preview with this digest is
   * not what it would be now, `invalid_import` also for rows of which one needs or excludes another, and for a secret of any other
   * row or a too long one, with the row and the member, `invalid_settings`, `not_found`, `managed` when the policy
   * changes meanwhile.
   */
  'transfer.import': command(
    ui,
    v.object({
      ...exportedFile,
      digest: v.pipe(v.string(), v.maxLength(64)),
      taken: v.array(text),
      secrets: v.exactOptional(v.array(v.object({ id: text, clientSecret: text }))),
    }),
    reply<TransferResult>(),
  ),
  /** The settings, and their defaults. */
  'settings.get': command(ui, EmptyBody, reply<SettingsView>()),
  /** Changes some settings, all or none, with immediate effect. Fails with `invalid_settings` and the fields. */
  'settings.update': command(ui, v.object({ changes: SettingsDraftSchema }), reply<SettingsView>()),
  /** Resets all settings to their defaults. */
  'settings.reset': command(ui, EmptyBody, reply<SettingsView>()),
  /** What each app did in this hour; no entry for a client whose app did nothing. */
  'quota.list': command(ui, EmptyBody, reply<readonly QuotaView[]>()),
  /**
   * What pages did, the latest first; nothing while the setting `activityLog` is off. `before` is the id of an entry: only
   * those that were recorded earlier. `siteId` is `<product>:<cloudId>:<sessionId>`, or the first parts of it.
   */
  'activity.list': command(
    ui,
    v.object({
      /** 100 by default. */
      limit: v.exactOptional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxEntries)),
      ),
      before: v.exactOptional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
      ),
      origin: v.exactOptional(OriginSchema),
      siteId: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
      result: v.exactOptional(v.picklist(activityResults)),
    }),
    reply<ActivityView>(),
  ),
  /** The published operations of Atlassian's cloud that calls are; null for a call that is none of them. */
  'operation.find': command(
    ui,
    v.object({ calls: limitedArray(ListedCallSchema, maxListedCalls) }),
    reply<readonly (Operation | null)[]>(),
  ),
  /** Erases what was recorded of pages: the entries, and the counts of days. */
  'activity.clear': command(ui, EmptyBody, reply<null>()),
  /**
   * Sends a call of the console: as one of a page with write access to exactly this site, by the same rules; it is not recorded.
   * Fails with `not_found`, `permission_missing`, any code of `pageFaultCodes`, and with what keeps its session from being
   * renewed.
   */
  'console.send': command(ui, ConsoleCallSchema, reply<ConsoleResponse>()),
  /** What `console.send` would come to, without sending anything. Fails with `not_found`. */
  'console.explain': command(ui, ConsoleQuestionSchema, reply<ConsoleExplanation>()),
  /** Aborts a call of the console and its request. Does nothing when it has ended. */
  'console.cancel': command(ui, v.object({ callId: CallIdSchema }), reply<null>()),
  /**
   * Deletes quarantined damaged entries. `keys` are the subjects of their faults, or `restored` for the notice of a
   * restoration; without `keys`, deletes all.
   */
  'storage.forget-damaged': command(
    ui,
    v.object({ keys: v.exactOptional(v.pipe(v.array(text), v.maxLength(1000), v.readonly())) }),
    reply<null>(),
  ),
  /** The questions of pages that the person has not answered. */
  'ask.list': command(ui, EmptyBody, reply<readonly AskView[]>()),
  /** Answers a question. Fails with `not_found` when it has ended, `not_connected`, `managed`, `blocked_by_policy`. */
  'ask.decide': command(
    ui,
    v.object({
      id: uuid,
      decision: v.variant('allow', [
        v.object({ allow: v.literal(true), ...answeredGrant }),
        v.object({ allow: v.literal(false) }),
      ]),
    }),
    reply<null>(),
  ),

  // The rest of the API of Data Center's OAuth 2.0 client. The extension's own pages do not send these commands.
  // See docs/data-center-client.md.

  /** All configurations, sorted by name. */
  'client.list': command(ui, EmptyBody, reply<readonly ClientView[]>()),
  /** A configuration by its name, regardless of case. Fails with `not_found`. */
  'client.get-by-name': command(ui, v.object({ name: text }), reply<ClientView>()),
  /** Starts a sign-in, as `flow.start`. The reply has the id for `flow.get`. */
  'flow.create': command(ui, v.object(requestedFlow), reply<CreatedFlow>()),
  /** A sign-in by its id. The outcome is returned once; later requests fail with `not_found`. */
  'flow.get': command(ui, v.object({ id: uuid }), reply<CreatedFlow>()),
  /** All sessions. */
  'session.list': command(ui, EmptyBody, reply<readonly SessionView[]>()),
  /** A session. Fails with `not_found`. */
  'session.get': command(ui, v.object({ id: SessionIdSchema }), reply<SessionView>()),

  /** Whether the origin of the document is connected. The first command of a content script. */
  'page.hello': command(page, EmptyBody, reply<{ isConnected: boolean }>()),
  /**
   * The document is shown, or what its origin is granted has changed: the toolbar button is marked in its tab while the origin is
   * connected. Has no effect for another extension.
   */
  'page.shown': command(page, EmptyBody, reply<null>()),
  /** The sites that the origin was granted. Fails with `not_connected`. */
  'page.sites': command(page, EmptyBody, reply<readonly PageSite[]>()),
  /**
   * Asks the person for more access; returns the sites. Fails with `not_allowed` when refused, `invalid_request` for `paths`
   * that `requestedPaths` does not accept, `timeout` without an answer, `unavailable` when the document has ended,
   * `not_connected`.
   */
  'page.request-access': command(
    page,
    v.object({
      access: v.optional(AccessSchema),
      products: v.optional(limitedArray(ProductSchema, products.length)),
      paths: v.optional(v.unknown()),
    }),
    reply<readonly PageSite[]>(),
  ),
  /** What `api.request` would do with a call, without sending or asking anything. Fails with `unavailable`. */
  'page.can': command(page, PermitQuestionSchema, reply<Permitted>()),
  /** Disconnects the origin at the page's request; does nothing when it is not connected. */
  'page.disconnect': command(page, EmptyBody, reply<null>()),

  /** Sends a call to Jira, Confluence or another API. Fails with any code of `pageFaultCodes`. */
  'api.request': command(page, ApiRequestSchema, reply<ApiReply>()),
  /**
   * Uploads a piece of a request body that is too large for one message; `api.request` follows. Fails with
   * `not_connected`, `too_large`, `rate_limited`, `unavailable`.
   */
  'api.write': command(page, BodyChunkSchema, reply<null>()),
  /**
   * The next piece of a response that had not arrived completely with its head. Fails with `unavailable`, `offline`,
   * `timeout`, `outcome_unknown`, `not_connected`.
   */
  'api.read': command(page, v.object({ callId: CallIdSchema }), reply<ApiChunk>()),
  /** Aborts a call and its request. */
  'api.abort': command(page, v.object({ callId: CallIdSchema }), reply<null>()),
} as const;

export type CommandName = keyof typeof commands;
/** The body of a command. */
export type RequestOf<N extends CommandName> = v.InferOutput<(typeof commands)[N]['request']>;
/** The value of a command's reply. */
export type ValueOf<N extends CommandName> = ReturnType<(typeof commands)[N]['reply']>;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
