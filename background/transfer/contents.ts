import * as v from 'valibot';
import { GrantedPathsSchema } from '#core/grant/granted-paths-schema.ts';
import { accessLevels, maxGrantedSites } from '#core/grant/page-grant.ts';
import { ProductSchema, SiteKeySchema } from '#core/session/site-schemas.ts';
import { BrokerError } from '#core/values/fault.ts';
import { isGrantee, type Origin } from '#core/values/origin.ts';
import { ClientDraftSchema } from '#wire/request-schemas.ts';
import { DenialSchema, maxDenials } from '../grants/denials.ts';

/*
 * Nothing that is stored without a limit has one here: an export that is not imported again would lose it. The size of the
 * file is limited (`maxBodyBytes`).
 */
const text = v.string();
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const instant = v.pipe(v.number(), v.minValue(0));
const cloudId = SiteKeySchema.entries.cloudId;

const ExportedChoiceSchema = v.object({
  product: ProductSchema,
  cloudId: v.exactOptional(cloudId),
  account: v.exactOptional(index),
  site: v.object({ ...SiteKeySchema.entries, account: v.exactOptional(index) }),
});

const ExportedGrantSchema = v.object({
  origin: v.custom<Origin>(isGrantee),
  access: v.picklist(accessLevels),
  grantedAtMs: instant,
  paths: v.exactOptional(GrantedPathsSchema),
  isPaused: v.exactOptional(v.literal(true)),
  sites: v.pipe(
    v.array(v.object({ ...SiteKeySchema.entries, account: index, name: v.exactOptional(text) })),
    v.minLength(1),
    v.maxLength(maxGrantedSites),
  ),
  chosen: v.array(ExportedChoiceSchema),
});

const ContentsSchema = v.object({
  format: v.literal(1),
  madeAtMs: instant,
  clients: v.array(
    v.object({
      ...v.omit(ClientDraftSchema, ['privateKeyPem']).entries,
      scopes: v.pipe(v.array(text), v.readonly()),
      redirectUri: v.exactOptional(text),
    }),
  ),
  settings: v.record(v.string(), v.unknown()),
  accounts: v.array(
    v.object({
      client: index,
      accountId: v.exactOptional(text),
      key: v.exactOptional(text),
      name: v.exactOptional(text),
    }),
  ),
  grants: v.array(ExportedGrantSchema),
  denials: v.pipe(v.array(DenialSchema), v.maxLength(maxDenials)),
});

/** What an export contains, see docs/export-file.md. */
export type Contents = v.InferOutput<typeof ContentsSchema>;
/** A client in an export, with its secret. */
export type ExportedClient = Contents['clients'][number];
/** A grant in an export. Its accounts are indexes. */
export type ExportedGrant = Contents['grants'][number];

/** Parses the decrypted text of an export. @throws BrokerError `file_contents_invalid` */
export function parseContents(json: string): Contents {
  const parsed = v.safeParse(ContentsSchema, parseJson(json));
  if (!parsed.success || !areIndexesValid(parsed.output))
    throw new BrokerError('file_contents_invalid');
  return parsed.output;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's message quotes the text, which may contain a secret.
    throw new BrokerError('file_contents_invalid');
  }
}

function areIndexesValid({ clients, accounts, grants }: Contents): boolean {
  const isAccount = (account: number | undefined): boolean =>
    account === undefined || account < accounts.length;
  return (
    accounts.every(({ client }) => client < clients.length) &&
    new Set(grants.map(({ origin }) => origin)).size === grants.length &&
    grants.every(
      ({ sites, chosen }) =>
        sites.every(({ account }) => isAccount(account)) &&
        chosen.every(({ account, site }) => isAccount(account) && isAccount(site.account)),
    )
  );
}
