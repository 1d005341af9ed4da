import * as v from 'valibot';
import { accessLevels } from '../grant/page-grant.ts';
import type { SessionId } from '../session/session.ts';
import { products } from '../session/site.ts';
import { ProductSchema, SiteKeySchema } from '../session/site-schemas.ts';
import type { FaultCode } from '../values/fault.ts';
import { isGrantee, type Origin } from '../values/origin.ts';

/**
 * How something ended.
 * - `ok`: a call with a response below 400, a question that the person allowed, a connection that was made or ended.
 * - `failed`: a call with another response, or without one; a question without an answer.
 * - `refused`: a call that was not sent, because it was not permitted or a limit was reached; a question that the person denied.
 * - `aborted`: a call or question that the page aborted or left.
 */
export const activityResults = ['ok', 'failed', 'refused', 'aborted'] as const;
/** One of {@link activityResults}. */
export type ActivityResult = (typeof activityResults)[number];

/** Maximum lengths of texts in an entry, in characters. All of them are printable ASCII. */
const maxPathLength = 512;
const maxWordLength = 64;
const maxUrlLength = 256;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const textUpTo = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));
const OriginSchema = v.custom<Origin>(isGrantee);

const common = {
  /** In the order of recording. */
  id: count,
  /** When it began. */
  atMs: count,
  /** The page's origin, or the key of another extension. */
  origin: OriginSchema,
  result: v.picklist(activityResults),
  /** The code of the fault with which it ended. */
  code: v.exactOptional(textUpTo(maxWordLength)),
  /** The subject of that fault. */
  subject: v.exactOptional(textUpTo(maxWordLength)),
};

const CallSchema = v.object({
  ...common,
  kind: v.literal('call'),
  /** As it was sent; of a call that was not planned, as the page wrote it. */
  method: textUpTo(maxWordLength),
  /** Without the query, see {@link loggedPath}. */
  path: textUpTo(maxPathLength),
  /** From the request to the head of its response, in milliseconds. */
  tookMs: count,
  /** The HTTP status of the response. */
  status: v.exactOptional(count),
  /** The site that was called. Absent when the call was refused before it was known. */
  site: v.exactOptional(
    v.object({
      ...SiteKeySchema.entries,
      sessionId: v.custom<SessionId>((input) => v.is(textUpTo(maxWordLength), input)),
      url: textUpTo(maxUrlLength),
    }),
  ),
  /** The origin of an absolute URL that is at no granted site. */
  otherHost: v.exactOptional(textUpTo(maxUrlLength)),
  /** How often it was sent, when more than once. */
  attempts: v.exactOptional(count),
  /** The access token was refreshed after the server rejected it. */
  isRefreshed: v.exactOptional(v.literal(true)),
  /** The response is Threelo's own 429: the call was not sent. */
  isHeld: v.exactOptional(v.literal(true)),
  /** The gateway answered that the session lacks a scope. */
  lacksScope: v.exactOptional(v.literal(true)),
});

const QuestionSchema = v.object({
  ...common,
  kind: v.literal('question'),
  /** `site`: which of several sites to use. `access`: more sites, or write access. */
  asked: v.picklist(['site', 'access']),
  access: v.picklist(accessLevels),
  /** The products that it was about; absent for all. */
  products: v.exactOptional(v.pipe(v.array(ProductSchema), v.maxLength(products.length))),
  /** From the question to its end, in milliseconds. */
  tookMs: count,
});

const ConnectionSchema = v.object({
  ...common,
  kind: v.picklist(['connected', 'disconnected']),
  /** The page itself ended its connection. */
  isByPage: v.exactOptional(v.literal(true)),
});

const EntrySchema = v.variant('kind', [CallSchema, QuestionSchema, ConnectionSchema]);

/** Something that a page or another extension did, or that was done to its connection. */
export type ActivityEntry = v.InferOutput<typeof EntrySchema>;
/** A call of a page or another extension. */
export type CallEntry = v.InferOutput<typeof CallSchema>;

/** An entry before it is recorded. */
export type NewEntry = WithoutId<ActivityEntry>;
type WithoutId<Entry> = Entry extends unknown ? Omit<Entry, 'id'> : never;

/** The faults of calls that are not sent. */
const refusals: readonly FaultCode[] = [
  'not_connected',
  'not_allowed',
  'site_required',
  'consent_required',
  'grant_rejected',
  'client_rejected',
  'seal_broken',
  'locked',
  'rate_limited',
  'too_large',
  'invalid_request',
];

/** How a call ended that ended with a fault. */
export function resultOfFault(code: FaultCode): ActivityResult {
  return refusals.includes(code) ? 'refused' : 'failed';
}

/** Parses stored entries. Those that are damaged are left out. */
export function readEntries(raw: unknown): ActivityEntry[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((one) => {
    const parsed = v.safeParse(EntrySchema, one);
    return parsed.success ? [parsed.output] : [];
  });
}

/**
 * The path of a request as it is recorded: without scheme, host, user name, query and fragment, cut to 512 characters. A path
 * is kept as it is, because what it names is what the person looks for. Of what is neither a path nor a URL, everything up to
 * the last `@` is left out: before it a user name and a password may be.
 */
export function loggedPath(input: string): string {
  // Not a part of it: the end of a user name may be far behind.
  const absolute = URL.parse(input);
  if (absolute !== null && webProtocols.has(absolute.protocol))
    return printable(absolute.pathname, maxPathLength);
  const [beforeQuery = ''] = input.split(/[?#]/u, 1);
  if (/^\/(?![/\\\s])/u.test(beforeQuery)) return printable(beforeQuery, maxPathLength);
  const afterHost = beforeQuery.replace(/^\s*[/\\]{2}[^/\\]*/u, '');
  return printable(afterHost.slice(afterHost.lastIndexOf('@') + 1), maxPathLength);
}

/** Whether a path was recorded without being cut. */
export function isWholePath(path: string): boolean {
  return path.length < maxPathLength;
}

const webProtocols: ReadonlySet<string> = new Set(['https:', 'http:']);

/** The origin of an absolute URL; undefined for a path and for what is no URL. */
export function loggedHost(input: string): string | undefined {
  const url = URL.parse(input);
  return url === null || url.origin === 'null' ? undefined : printable(url.origin, maxUrlLength);
}

/** A method as it is recorded. */
export function loggedWord(text: string): string {
  return printable(text, maxWordLength);
}

/** The subject of a fault as it is recorded: words, of which the first one tells the rule that refused a call. */
export function loggedSubject(text: string): string {
  const words = text.slice(0, maxWordLength).split(' ');
  return words.map(loggedWord).join(' ').slice(0, maxWordLength);
}

/** The URL of a site as it is recorded. */
export function loggedSiteUrl(url: string): string {
  return printable(url, maxUrlLength);
}

/** Other characters than printable ASCII are percent-encoded, so that they have no effect where the text is shown. */
function printable(text: string, maxLength: number): string {
  const withoutLoneSurrogates = text.slice(0, maxLength).replace(/\p{Surrogate}/gu, '\ufffd');
  return withoutLoneSurrogates.replace(/[^\x21-\x7e]+/gu, encodeURIComponent).slice(0, maxLength);
}
