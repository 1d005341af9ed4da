import * as v from 'valibot';
import type { FieldProblemName } from '../values/fault.ts';

/** Reports what is wrong with a member; `path` is its JSON Pointer. */
export type Report = (path: string, problem: FieldProblemName) => void;

/** The JSON Pointer of a member. @see RFC 6901, section 3 */
export function pointer(...names: readonly (string | number)[]): string {
  return names
    .map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a list; none, and a report, when it is not one or has too many. */
export function listAt(
  raw: unknown,
  path: string,
  most: number,
  report: Report,
): readonly unknown[] {
  if (raw === undefined) return [];
  const isList = Array.isArray(raw);
  if (isList && raw.length <= most) return raw;
  report(path, isList ? 'list_too_long' : 'malformed');
  return [];
}

type Entries = v.ObjectEntries;

/**
 * Reads an object that has no other members than those of the schema.
 * @returns undefined, with a report of each problem, when something is not valid
 */
export function strictObject<E extends Entries>(
  schema: v.ObjectSchema<E, undefined>,
  raw: unknown,
  path: string,
  report: Report,
): v.InferOutput<v.ObjectSchema<E, undefined>> | undefined {
  const parsed = v.safeParse(schema, raw);
  for (const issue of parsed.issues ?? [])
    report(`${path}${pointer(...issuePath(issue))}`, problemOf(issue));
  const unknown = isRecord(raw)
    ? Object.keys(raw).filter((name) => !Object.hasOwn(schema.entries, name))
    : [];
  for (const name of unknown) report(`${path}${pointer(name)}`, 'unknown_member');
  return parsed.success && unknown.length === 0 ? parsed.output : undefined;
}

function issuePath({ path }: v.BaseIssue<unknown>): string[] {
  return (path ?? []).map(({ key }) => String(key));
}

function problemOf({ type, received }: v.BaseIssue<unknown>): FieldProblemName {
  if (received === 'undefined') return 'required';
  if (type === 'picklist') return 'choice_invalid';
  if (type === 'custom') return 'origin_invalid';
  return type === 'max_length' ? 'list_too_long' : 'malformed';
}
