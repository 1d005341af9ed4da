import * as v from 'valibot';
import { maxPostmanFileLength } from '../import-limits.ts';

/** Why a file cannot be imported. The message key of each text is `import_problem_<name>`. */
export const postmanProblems = [
  'json_invalid',
  'not_a_collection',
  /** An environment instead of a collection. */
  'is_environment',
  /** A collection of a version other than 2.0 or 2.1. */
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
}

/** The parts of a collection that are imported. */
export interface PostmanCollection {
  readonly name: string;
  readonly auths: readonly PostmanAuth[];
  readonly variables: RawFields;
}

const maxFolderDepth = 50;

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
 * Reads a collection of version 2.0 or 2.1, also wrapped as in a response of Postman's API. A request without its own
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
  if (!/\/v2\.[01]\.\d+\//u.test(info.output.schema)) return { problem: 'version_unsupported' };
  const auths: PostmanAuth[] = [];
  const isRead = collect(root, [info.output.name], auths);
  if (!isRead) return { problem: 'too_large' };
  return { collection: { name: info.output.name, auths, variables: pairs(root['variable']) } };
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
 * Reads key-value pairs: an array of `{key, value}` (v2.1) or an object (v2.0). As in Postman, disabled pairs are
 * ignored, and the last pair of a repeated key counts.
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

/** Collects the authorizations of a node and its descendants; false when folders are nested too deeply. */
function collect(
  node: Readonly<Record<string, unknown>>,
  path: readonly string[],
  auths: PostmanAuth[],
): boolean {
  if (path.length > maxFolderDepth) return false;
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
    // The parser's message quotes the text, which may contain a secret.
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
