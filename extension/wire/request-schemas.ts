import * as v from 'valibot';
import { GrantedPathsSchema } from '#core/grant/granted-paths-schema.ts';
import { accessLevels, grantDurations, maxGrantedSites } from '#core/grant/page-grant.ts';
import type { ClientId } from '#core/client/client-configuration.ts';
import { isCloudMethod, type CloudCall } from '#core/operations/operation-table.ts';
import { providerMemberSchemas } from '#core/provider/provider-schemas.ts';
import { clientAuthenticationMethods, providerTypes } from '#core/provider/provider-type.ts';
import type { SessionId } from '#core/session/session.ts';
import { ProductSchema, SiteKeySchema } from '#core/session/site-schemas.ts';
import { isGrantee, type Origin } from '#core/values/origin.ts';
import { settingNames } from '#core/values/settings.ts';
import { maxRows } from './list-views.ts';

/* What the requests of several commands are made of. */

export const EmptyBody = v.object({});
export const uuid = v.pipe(v.string(), v.uuid());
export const ClientIdSchema = v.custom<ClientId>((input) => v.is(uuid, input));
export const SessionIdSchema = v.custom<SessionId>((input) => v.is(uuid, input));
export const requestedFlow = {
  clientId: ClientIdSchema,
  sessionId: v.exactOptional(SessionIdSchema),
};
export const OriginSchema = v.custom<Origin>(isGrantee);
export const AccessSchema = v.picklist(accessLevels);
export const text = v.pipe(v.string(), v.maxLength(8192));
export const GrantedSiteSchema = v.object({ ...SiteKeySchema.entries, sessionId: SessionIdSchema });
const GrantedSitesSchema = v.pipe(
  v.array(GrantedSiteSchema),
  v.minLength(1),
  v.maxLength(maxGrantedSites),
);
/** What the person grants. Without `duration` for as long as before, a new grant until it is withdrawn; without `paths` for every path. */
export const answeredGrant = {
  sites: GrantedSitesSchema,
  access: AccessSchema,
  duration: v.exactOptional(v.picklist(grantDurations)),
  paths: v.exactOptional(GrantedPathsSchema),
};
/** Which part of a list: the words to look for, and the rows. */
export const wantedPart = {
  filter: v.pipe(v.string(), v.maxLength(200)),
  offset: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxRows)),
};
export const ListedCallSchema = v.object({
  product: ProductSchema,
  method: v.custom<CloudCall['method']>(
    (input) => typeof input === 'string' && isCloudMethod(input),
  ),
  /** The path below the site's URL. */
  pathname: text,
});
/** The fields of a configuration. `draftProblems` validates their values. */
export const ClientDraftSchema = v.object({
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

/** Settings by name. `settingsProblems` validates their values. */
export const SettingsDraftSchema = v.record(
  v.picklist(settingNames),
  v.union([v.number(), v.boolean(), text]),
);
