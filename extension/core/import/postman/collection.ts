import * as v from 'valibot';
import { maxPostmanFileLength, maxPostmanItems } from '../import-limits.ts';

/** Why a file cannot be imported. The message key of each text is `import_problem_<name>`. */
export const postmanProblems = [
  'json_invalid',
  'not_a_collection',
  /** An environment instead of a collection. */
  'is_environment',
  /** A collection of another version than 2. */
  'version_unsupported',
  /** The second file is not an environment. */
  'environment_invalid',
  'too_large',
  /** A collection without an OAuth authorization. */
  'nothing_found',
] as const;
/** One of {@link postmanProblems}. */
export type PostmanProblem = (typeof postmanProblems)[number];

/** Key → value; variables (`{{name}}`) in the values are not resolved. */
export type RawFields = ReadonlyMap<string, unknown>;

/** One OAuth authorization in a collection. */
export interface PostmanAuth {
  readonly kind: 'oauth1' | 'oauth2';
  /** The names of the collection, the folders and the request, outermost first. */
  readonly path: readonly string[];
  readonly fields: RawFields;
  /** The variables of the request, its folders and the collection, innermost first. The same array for equal scopes. */
  readonly variables: readonly RawFields[];
}

/** The parts of a collection that are imported. */
export interface PostmanCollection {
  readonly name: string;
  readonly auths: readonly PostmanAuth[];
}

const maxFolderDepth = 50;

const NamedSchema = v.object({ name: v.fallback(v.string(), '') });
const InfoSchema = v.object({ name: v.fallback(v.string(), ''), schema: v.string() });
const PairSchema = v.object({
  key: v.fallback(v.optional(v.string()), undefined),
  /** The name of a variable in older exports, and otherwise an id of no meaning. */
  id: v.fallback(v.optional(v.string()), undefined),
  value: v.optional(v.unknown()),
  enabled: v.fallback(v.optional(v.boolean(), true), true),
  disabled: v.fallback(v.optional(v.boolean(), false), false),
});

/**
 * Reads a collection of version 2, also wrapped as in a response of Postman's API. A request without its own
 * authorization inherits that of its folder, which is read once.
 * @see Postman, "Collection Format", schemas v2.0.0 and v2.1.0
 */
export function readCollection(
  json: string,
): { readonly collection: PostmanCollection } | { readonly problem: PostmanProblem } {
  const parsed = parseRecord(json);
  if ('problem' in parsed) return parsed;
  const root = recordOf(parsed.record['collection']) ?? parsed.record;
  const info = v.safeParse(InfoSchema, root['info']);
  if (!info.success) return { problem: notACollection(root) };
  if (!/\/v2(?:\.\d+){1,2}(?:\/|$)/u.test(info.output.schema.trim()))
    return { problem: 'version_unsupported' };
  const found: Found = { auths: [], itemCount: 0 };
  const isRead = collect(root, { path: [info.output.name], variables: [] }, found);
  if (!isRead) return { problem: 'too_large' };
  return { collection: { name: info.output.name, auths: found.auths } };
}

/** Reads the variables of an exported environment or of exported globals. */
export function readEnvironment(
  json: string,
): { readonly variables: RawFields } | { readonly problem: PostmanProblem } {
  const parsed = parseRecord(json);
  if ('problem' in parsed) return parsed;
  const { values } = recordOf(parsed.record['environment']) ?? parsed.record;
  return Array.isArray(values) ? { variables: pairs(values) } : { problem: 'environment_invalid' };
}

/**
 * Reads key-value pairs: an array of `{key, value}` (v2.1), of `{id, value}`, or an object (v2.0). As in Postman,
 * disabled pairs are ignored, and the last pair of a repeated key counts.
 */
export function pairs(raw: unknown): RawFields {
  if (!Array.isArray(raw)) return new Map(Object.entries(recordOf(raw) ?? {}));
  const found = raw.flatMap((entry): (readonly [string, unknown])[] => {
    const pair = v.safeParse(PairSchema, entry);
    if (!pair.success || !pair.output.enabled || pair.output.disabled) return [];
    const key = pair.output.key ?? pair.output.id;
    return key === undefined ? [] : [[key, pair.output.value]];
  });
  return new Map(found);
}

/** What was found so far. */
interface Found {
  readonly auths: PostmanAuth[];
  itemCount: number;
}

/** Collects the authorizations of a node and its descendants; false when there are too many or too deeply nested ones. */
function collect(
  node: Readonly<Record<string, unknown>>,
  { path, variables: outer }: Pick<PostmanAuth, 'path' | 'variables'>,
  found: Found,
): boolean {
  found.itemCount += 1;
  if (path.length > maxFolderDepth || found.itemCount > maxPostmanItems.all) return false;
  const own = pairs(node['variable']);
  const variables = own.size === 0 ? outer : [own, ...outer];
  const auth = recordOf(node['auth']) ?? recordOf(recordOf(node['request'])?.['auth']);
  const kind = auth?.['type'];
  if (auth && (kind === 'oauth1' || kind === 'oauth2')) {
    found.auths.push({ kind, path, fields: pairs(auth[kind]), variables });
    if (found.auths.length > maxPostmanItems.withAuthorization) return false;
  }
  const items: readonly unknown[] = Array.isArray(node['item']) ? node['item'] : [];
  return items.every((item) => {
    const child = recordOf(item);
    if (child === undefined) return true;
    const { name } = v.parse(NamedSchema, child);
    return collect(child, { path: [...path, name], variables }, found);
  });
}

function parseRecord(
  json: string,
): { readonly record: Record<string, unknown> } | { readonly problem: PostmanProblem } {
  if (json.length > maxPostmanFileLength) return { problem: 'too_large' };
  try {
    const record = recordOf(JSON.parse(json.replace(/^\uFEFF/u, '')));
    return record === undefined ? { problem: 'not_a_collection' } : { record };
  } catch {
    // The parser's message quotes the text, which may contain a secret.
    return { problem: 'json_invalid' };
  }
}

function notACollection(root: Readonly<Record<string, unknown>>): PostmanProblem {
  if (Array.isArray(root['values'])) return 'is_environment';
  return Array.isArray(root['requests']) ? 'version_unsupported' : 'not_a_collection';
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}
