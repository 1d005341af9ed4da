import * as v from 'valibot';
import { accessLevels } from '../core/call/page-grant.ts';
import type { ClientId } from '../core/client/client-configuration.ts';
import { consumerServerSchema } from '../core/import/consumer-server.ts';
import {
  maxClientsJsonLength,
  maxPostmanFileLength,
  maxPostmanEntries,
} from '../core/import/import-limits.ts';
import type { DiscoveryResult } from '../core/protocol/discovery-result.ts';
import { providerMemberSchemas } from '../core/provider/provider-schemas.ts';
import { clientAuthenticationMethods, providerTypes } from '../core/provider/provider-type.ts';
import type { SessionId } from '../core/session/session.ts';
import { products, ProductSchema, SiteKeySchema } from '../core/session/site.ts';
import { connectableOrigin, type Origin } from '../core/values/origin.ts';
import { settingNames } from '../core/values/settings.ts';
import {
  ApiRequestSchema,
  BodyChunkSchema,
  CallIdSchema,
  type ApiChunk,
  type ApiReply,
} from './api-call.ts';
import type {
  AskView,
  ClientImpact,
  ClientView,
  CreatedFlow,
  Diagnosis,
  FlowView,
  ImportPreview,
  ImportResult,
  Overview,
  PageSite,
  SessionView,
  SettingsView,
} from './views.ts';

/** Who may send a command: `ui` = our own pages; `page` = our content script in a top frame. */
export type CallerKind = 'ui' | 'page';

type CallerKinds = readonly [CallerKind, ...CallerKind[]];

/** One row of the table. A row without callers, parser or reply does not compile. */
export interface Command<Callers extends CallerKinds, Request, Value> {
  readonly callers: Callers;
  readonly request: v.GenericSchema<unknown, Request>;
  /** Only a type: what the handler resolves to. */
  readonly reply: () => Value;
}

function command<const C extends CallerKinds, R, V>(
  callers: C,
  request: v.GenericSchema<unknown, R>,
  reply: () => V,
): Command<C, R, V> {
  return { callers, request, reply };
}

/** Marks the type of a reply; never called. */
function gives<V>(): () => V {
  return () => {
    throw new Error('a reply type has no value');
  };
}

const ui = ['ui'] as const;
const page = ['page'] as const;

const Nothing = v.object({});
const uuid = v.pipe(v.string(), v.uuid());
const ClientIdSchema = v.custom<ClientId>((input) => v.is(uuid, input));
const SessionIdSchema = v.custom<SessionId>((input) => v.is(uuid, input));
const wantedFlow = {
  clientId: ClientIdSchema,
  sessionId: v.exactOptional(SessionIdSchema),
};
const OriginSchema = v.custom<Origin>(
  (input) => typeof input === 'string' && connectableOrigin(input) === input,
);
const AccessSchema = v.picklist(accessLevels);
const text = v.pipe(v.string(), v.maxLength(8192));
const GrantedSitesSchema = v.pipe(
  v.array(v.object({ ...SiteKeySchema.entries, sessionId: SessionIdSchema })),
  v.minLength(1),
  v.maxLength(500),
);
/** A collection, and an environment beside it. */
const PostmanSchema = v.object({
  json: v.pipe(v.string(), v.maxLength(maxPostmanFileLength)),
  environment: v.exactOptional(v.pipe(v.string(), v.maxLength(maxPostmanFileLength))),
});

/** A place in the preview of a collection. */
const PlaceSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The fields of a configuration as the editor hands them in; judged in full by `draftProblems`. */
const ClientDraftSchema = v.object({
  name: text,
  description: text,
  type: v.picklist(providerTypes),
  clientId: text,
  clientSecret: v.optional(text),
  privateKeyPem: v.optional(text),
  authorizationEndpoint: text,
  tokenEndpoint: text,
  scopes: v.pipe(v.array(text), v.maxLength(1000), v.readonly()),
  clientAuthentication: v.exactOptional(v.picklist(clientAuthenticationMethods)),
  ...providerMemberSchemas(text),
});

/** Settings by name, judged in full by `settingsProblems`. */
const SettingsDraftSchema = v.record(v.picklist(settingNames), v.union([v.number(), text]));

/**
 * Everything that anyone may ask of the worker, and who may ask it. Each rejects with `forbidden` for
 * another caller and with `invalid_request` for another shape, and can fail with `storage_failed`; further fault codes
 * are listed per row, the same as in docs/messages.md.
 */
export const commands = {
  /** All that popup and options draw. */
  'overview.get': command(ui, Nothing, gives<Overview>()),

  /** All configurations, by name. */
  'client.list': command(ui, Nothing, gives<readonly ClientView[]>()),
  /** `not_found` */
  'client.get': command(ui, v.object({ id: ClientIdSchema }), gives<ClientView>()),
  /** Names are compared without regard to case. `not_found` */
  'client.get-by-name': command(ui, v.object({ name: text }), gives<ClientView>()),
  /** `invalid_client` with the fields, `name_taken` */
  'client.create': command(ui, v.object({ client: ClientDraftSchema }), gives<ClientView>()),
  /** As `client.create`, and `not_found`, `locked`. An absent secret keeps the stored one. */
  'client.update': command(
    ui,
    v.object({ id: ClientIdSchema, client: ClientDraftSchema }),
    gives<ClientView>(),
  ),
  /** Removes the configuration with its sessions and what hangs on them. `not_found` */
  'client.delete': command(ui, v.object({ id: ClientIdSchema }), gives<null>()),
  /** What `client.delete` would take along. `not_found` */
  'client.impact': command(ui, v.object({ id: ClientIdSchema }), gives<ClientImpact>()),
  /** The callback URL for an authorization endpoint, in this browser. */
  'client.redirect-uri': command(
    ui,
    v.object({ authorizationEndpoint: text }),
    gives<{ redirectUri: string; redirectUriSuffix: string }>(),
  ),
  /** The configurations as JSON in the Data Center REST shape, without secrets. `not_found` */
  'client.export': command(
    ui,
    v.object({ ids: v.optional(v.array(ClientIdSchema)) }),
    gives<{ json: string }>(),
  ),
  /** All or nothing: `invalid_import` says what is wrong with which entry. */
  'client.import': command(
    ui,
    v.object({ json: v.pipe(v.string(), v.maxLength(maxClientsJsonLength)) }),
    gives<ImportResult>(),
  ),
  /**
   * What a Postman collection would bring, without a secret in it; nothing is saved. That it cannot be read is part
   * of the reply.
   */
  'client.import-preview': command(ui, PostmanSchema, gives<ImportPreview>()),
  /**
   * Saves the entries of a Postman collection that were chosen, by their place in its preview; `servers` says where
   * those of OAuth 1.0a are. All or nothing: `invalid_import` says what is wrong with which entry.
   */
  'client.import-postman': command(
    ui,
    v.object({
      ...PostmanSchema.entries,
      entries: v.pipe(
        v.array(PlaceSchema),
        v.minLength(1),
        v.maxLength(maxPostmanEntries),
        v.readonly(),
      ),
      servers: v.exactOptional(
        v.pipe(
          v.array(v.intersect([v.object({ at: PlaceSchema }), consumerServerSchema(text)])),
          v.maxLength(maxPostmanEntries),
          v.readonly(),
        ),
      ),
    }),
    gives<ImportResult>(),
  ),
  /**
   * Asks an issuer for its endpoints and what it can do. That it told nothing of use is part of the reply.
   * `permission_missing` with the match pattern
   */
  'client.discover': command(
    ui,
    v.object({ issuer: text, isHttpAllowed: v.exactOptional(v.boolean()) }),
    gives<DiscoveryResult>(),
  ),

  /** Another RSA key pair in the place of an OAuth 1.0a client's own. `not_found`, `invalid_client` */
  'client.new-key-pair': command(ui, v.object({ id: ClientIdSchema }), gives<ClientView>()),
  /**
   * Sends signed requests of an OAuth 1.0a client, and tells what was signed and what the server said. `not_found`,
   * `invalid_client`, `permission_missing`
   */
  'client.diagnose': command(ui, v.object({ id: ClientIdSchema }), gives<Diagnosis>()),

  /**
   * Notes that the person wants to sign in, before the browser asks them for the client's hosts: the prompt may close
   * the popup, and then the worker goes on by itself once all of them are allowed. Holds for a minute, and until
   * another sign-in begins. `flow_in_progress`, `not_found`
   */
  'flow.prepare': command(ui, v.object(wantedFlow), gives<{ id: string }>()),
  /** Ends what `flow.prepare` noted: the person is about to be asked for hosts for something else. */
  'flow.unprepare': command(ui, Nothing, gives<null>()),
  /**
   * Opens the sign-in window; the outcome is told by `overview.get`. With the session that the person wants to
   * renew, what it holds is asked for again. With the id that `flow.prepare` gave, it is the sign-in that the worker
   * went on with already, if it did. `flow_in_progress`, `permission_missing`, `not_found`
   */
  'flow.start': command(
    ui,
    v.object({ ...wantedFlow, preparedId: v.exactOptional(uuid) }),
    gives<FlowView>(),
  ),
  /** As `flow.start`; resolves to the flow with the id that `flow.get` takes. */
  'flow.create': command(ui, v.object(wantedFlow), gives<CreatedFlow>()),
  /** A flow by its id, as often as one likes while it runs. How it ended is told once: then `not_found` */
  'flow.get': command(ui, v.object({ id: uuid }), gives<CreatedFlow>()),
  /** Closes the sign-in window. */
  'flow.cancel': command(ui, Nothing, gives<null>()),
  /** Brings the sign-in window to the front. `not_found` when there is none. */
  'flow.show': command(ui, Nothing, gives<null>()),
  /** Forgets the outcome that was shown. */
  'flow.dismiss': command(ui, Nothing, gives<null>()),

  /** All sessions. */
  'session.list': command(ui, Nothing, gives<readonly SessionView[]>()),
  /** `not_found` */
  'session.get': command(ui, v.object({ id: SessionIdSchema }), gives<SessionView>()),
  /** Deletes the session here first, then asks the provider to revoke it, as far as it can. `not_found` */
  'session.sign-out': command(ui, v.object({ id: SessionIdSchema }), gives<null>()),
  /**
   * Requests accessible-resources again. `no_site`, `consent_required`, `provider_unreachable`,
   * `provider_answer_invalid`, `client_rejected`, `grant_rejected`, `locked`, `seal_broken`, `not_found`
   */
  'session.refresh-sites': command(ui, v.object({ id: SessionIdSchema }), gives<SessionView>()),
  /** Makes a site the current one. `not_found` */
  'session.choose-site': command(
    ui,
    v.object({ id: SessionIdSchema, site: SiteKeySchema }),
    gives<null>(),
  ),

  /**
   * Notes what a page is to be allowed. It takes effect at once when the browser grants the origin already,
   * else when the browser reports that the person allowed it: the popup may be gone by then. `not_found`
   */
  'grant.prepare': command(
    ui,
    v.object({ origin: OriginSchema, sites: GrantedSitesSchema, access: AccessSchema }),
    gives<null>(),
  ),
  /** Disconnects an origin, also for calls in flight. */
  'grant.remove': command(ui, v.object({ origin: OriginSchema }), gives<null>()),

  /** How the sessions are kept, and the defaults. */
  'settings.get': command(ui, Nothing, gives<SettingsView>()),
  /** Changes the settings that are named, all or none; in force at once. `invalid_settings` with the fields */
  'settings.update': command(ui, v.object({ changes: SettingsDraftSchema }), gives<SettingsView>()),
  /** Goes back to the defaults. */
  'settings.reset': command(ui, Nothing, gives<SettingsView>()),
  /**
   * Deletes damaged entries that were put aside, by the subjects of their faults, and the notice of a restoration by
   * `restored`; without `keys`, all of it.
   */
  'storage.forget-damaged': command(
    ui,
    v.object({ keys: v.exactOptional(v.pipe(v.array(text), v.maxLength(1000), v.readonly())) }),
    gives<null>(),
  ),
  /** The questions of pages that wait for the person. */
  'ask.list': command(ui, Nothing, gives<readonly AskView[]>()),
  /** Answers one. `not_found` when the page has gone or the question was answered; `not_connected` */
  'ask.decide': command(
    ui,
    v.object({
      id: uuid,
      decision: v.variant('allow', [
        v.object({ allow: v.literal(true), sites: GrantedSitesSchema, access: AccessSchema }),
        v.object({ allow: v.literal(false) }),
      ]),
    }),
    gives<null>(),
  ),

  /** Whether this document\'s origin is connected; the first word of a content script. */
  'page.hello': command(page, Nothing, gives<{ isConnected: boolean }>()),
  /** The sites that this origin was granted. `not_connected` */
  'page.sites': command(page, Nothing, gives<readonly PageSite[]>()),
  /** Asks the person for more. `not_allowed` when it is refused, `not_connected` */
  'page.request-access': command(
    page,
    v.object({
      access: v.optional(AccessSchema),
      products: v.optional(v.pipe(v.array(ProductSchema), v.maxLength(products.length))),
    }),
    gives<readonly PageSite[]>(),
  ),
  /** The page gives its grant back. */
  'page.disconnect': command(page, Nothing, gives<null>()),

  /** The document goes away: ends all its calls with their upstream requests. */
  'page.leave': command(page, Nothing, gives<null>()),

  /** One call of Jira or Confluence. Any code of `pageFaultCodes`. */
  'api.request': command(page, ApiRequestSchema, gives<ApiReply>()),
  /**
   * One more piece of a body that is too large for one message; `api.request` comes last. `not_connected`, `too_large`,
   * `rate_limited`, `unavailable`
   */
  'api.write': command(page, BodyChunkSchema, gives<null>()),
  /**
   * The next piece of an answer that is too large for one message. `unavailable`, `too_large`, `offline`, `timeout`,
   * `outcome_unknown`, `not_connected`
   */
  'api.read': command(page, v.object({ callId: CallIdSchema }), gives<ApiChunk>()),
  /** Ends a call and its upstream request. */
  'api.abort': command(page, v.object({ callId: CallIdSchema }), gives<null>()),
} as const;

/** The name of a command. */
export type CommandName = keyof typeof commands;
/** What a command is sent with. */
export type RequestOf<N extends CommandName> = v.InferOutput<(typeof commands)[N]['request']>;
/** What a command resolves to. */
export type ValueOf<N extends CommandName> = ReturnType<(typeof commands)[N]['reply']>;

/** Whether a text names a command. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
