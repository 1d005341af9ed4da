import * as v from 'valibot';
import { maxPostmanFileLength } from '../import-limits.ts';

/** Why nothing was read; the words are under `import_problem_<name>`. */
export const postmanProblems = [
  'json_invalid',
  'not_a_collection',
  /** An environment was given where a collection is needed. */
  'is_environment',
  /** Collections of version 1, or of one that does not exist yet. */
  'version_unsupported',
  /** The second file is no environment. */
  'environment_invalid',
  'too_large',
  /** A collection without OAuth. */
  'nothing_found',
] as const;
/** See {@link postmanProblems}. */
export type PostmanProblem = (typeof postmanProblems)[number];

/** A value by its key, still with `{{variables}}` in it. */
export type RawFields = ReadonlyMap<string, unknown>;

/** One place where a collection says how its requests are authorised. */
export interface PostmanAuth {
  readonly kind: 'oauth1' | 'oauth2';
  /** The names of collection, folders and request, from the outermost. */
  readonly path: readonly string[];
  readonly fields: RawFields;
}

/** A collection as far as this import uses it. */
export interface PostmanCollection {
  readonly name: string;
  readonly auths: readonly PostmanAuth[];
  readonly variables: RawFields;
}

/** Deepest folder that is looked into. */
const deepestFolder = 50;

const RecordSchema = v.record(v.string(), v.unknown());
const NamedSchema = v.object({ name: v.fallback(v.string(), '') });
const InfoSchema = v.object({ name: v.fallback(v.string(), ''), schema: v.string() });
const PairSchema = v.object({
  key: v.string(),
  value: v.optional(v.unknown()),
  enabled: v.fallback(v.optional(v.boolean(), true), true),
  disabled: v.fallback(v.optional(v.boolean(), false), false),
});

/**
 * Reads a collection of version 2.0 or 2.1, also in the envelope of Postman's API. A request without an
 * authorization of its own has its folder's, which is read there.
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
  if (!/\/v2\.[01]\.\d+\//u.test(info.output.schema)) return { problem: 'version_unsupported' };
  const auths: PostmanAuth[] = [];
  const isRead = collect(root, [info.output.name], auths);
  if (!isRead) return { problem: 'too_large' };
  return { collection: { name: info.output.name, auths, variables: pairs(root['variable']) } };
}

/** Reads the variables of an exported environment, or of exported globals. */
export function readEnvironment(
  json: string,
): { readonly variables: RawFields } | { readonly problem: PostmanProblem } {
  const parsed = parseRecord(json);
  if ('problem' in parsed) return parsed;
  const { values } = recordOf(parsed.record['environment']) ?? parsed.record;
  return Array.isArray(values) ? { variables: pairs(values) } : { problem: 'environment_invalid' };
}

/**
 * Key and value pairs, in either form: a list of `{key, value}` (v2.1), or an object (v2.0). Of a key that comes twice
 * the last one counts, as in Postman; switched-off ones do not.
 */
export function pairs(raw: unknown): RawFields {
  if (!Array.isArray(raw)) return new Map(Object.entries(recordOf(raw) ?? {}));
  const found = raw.flatMap((entry): (readonly [string, unknown])[] => {
    const pair = v.safeParse(PairSchema, entry);
    if (!pair.success || !pair.output.enabled || pair.output.disabled) return [];
    return [[pair.output.key, pair.output.value]];
  });
  return new Map(found);
}

/** Gathers the authorizations of a node and of all below it; false when the folders are too deep. */
function collect(
  node: Readonly<Record<string, unknown>>,
  path: readonly string[],
  auths: PostmanAuth[],
): boolean {
  if (path.length > deepestFolder) return false;
  const auth = recordOf(node['auth']) ?? recordOf(recordOf(node['request'])?.['auth']);
  const kind = auth?.['type'];
  if (auth && (kind === 'oauth1' || kind === 'oauth2')) {
    auths.push({ kind, path, fields: pairs(auth[kind]) });
  }
  const items: readonly unknown[] = Array.isArray(node['item']) ? node['item'] : [];
  return items.every((item) => {
    const child = recordOf(item);
    return (
      child === undefined || collect(child, [...path, v.parse(NamedSchema, child).name], auths)
    );
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
    // The parser's own words quote the text, which may hold a secret.
    return { problem: 'json_invalid' };
  }
}

function notACollection(root: Readonly<Record<string, unknown>>): PostmanProblem {
  if (Array.isArray(root['values'])) return 'is_environment';
  return Array.isArray(root['requests']) ? 'version_unsupported' : 'not_a_collection';
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  if (Array.isArray(value)) return undefined;
  const parsed = v.safeParse(RecordSchema, value);
  return parsed.success ? parsed.output : undefined;
}
