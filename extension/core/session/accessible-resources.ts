import * as v from 'valibot';
import { BrokerError } from '../values/fault.ts';
import { hasAmbiguousHost } from '../values/origin.ts';
import { CloudIdSchema } from './site-schemas.ts';
import { productsOfScopes, siteId, type Site, type SiteReport } from './site.ts';

/** Scopes as a list or in one string. A list with other values beside text is used, and was read in part. */
const ScopesSchema = v.pipe(
  v.union([v.string(), v.array(v.unknown())]),
  v.transform((given): unknown[] => (typeof given === 'string' ? given.split(/[\s,]+/u) : given)),
  v.check((list) => list.length === 0 || list.some(isText)),
  v.transform((list) => ({
    scopes: list.filter(isText),
    isComplete: list.every((scope) => typeof scope === 'string'),
  })),
);

const UrlSchema = v.pipe(
  v.string(),
  v.check((url) => URL.canParse(url) && !hasAmbiguousHost(new URL(url))),
);

/** An entry needs its id, its URL and its scopes. Any other member may be missing or have any value. */
const ResourceSchema = v.object({
  id: CloudIdSchema,
  url: v.pipe(UrlSchema, v.startsWith('https://')),
  scopes: ScopesSchema,
  name: v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined),
  avatarUrl: v.fallback(v.optional(UrlSchema), undefined),
});

/**
 * Parses the response of accessible-resources. Entries may share an id. Each gives one site per product that its scopes
 * name, and entries of the same site and product are merged. An entry that cannot be read, or not in full, is counted.
 * @throws BrokerError `provider_answer_invalid` when it is not a list, or when no entry can be read
 * @see Atlassian, "OAuth 2.0 (3LO) apps", section "Make calls to the API using the access token"
 */
export function parseAccessibleResources(response: unknown): SiteReport {
  const list: readonly unknown[] | undefined = Array.isArray(response) ? response : undefined;
  const entries = list?.flatMap((entry) => {
    const parsed = v.safeParse(ResourceSchema, entry);
    return parsed.success ? [parsed.output] : [];
  });
  if (list === undefined || entries === undefined || (list.length > 0 && entries.length === 0))
    throw new BrokerError('provider_answer_invalid', { subject: 'accessible-resources' });
  const sites = new Map<string, Site>();
  let unreadable = list.length - entries.length;
  for (const { id: cloudId, url, name, scopes: reported, avatarUrl } of entries) {
    const { scopes, isComplete } = reported;
    if (!isComplete) unreadable += 1;
    for (const product of productsOfScopes(scopes)) {
      const key = siteId({ cloudId, product });
      const earlier = sites.get(key);
      sites.set(key, {
        cloudId,
        product,
        url: url.replace(/\/+$/u, ''),
        name: name ?? earlier?.name ?? new URL(url).host,
        scopes: [...new Set([...(earlier?.scopes ?? []), ...scopes])],
        ...(avatarUrl === undefined ? {} : { avatarUrl }),
      });
    }
  }
  return { sites: [...sites.values()], unreadable };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
