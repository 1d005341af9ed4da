import { secret, type Secret } from '../../values/secret.ts';
import { pairs, type PostmanAuth, type RawFields } from './collection.ts';
import { resolveText, textOf } from './variables.ts';

/** What a person should know before saving; the words are under `postman_warning_<name>`. */
export const postmanWarnings = [
  'variable_unresolved',
  'token_left_out',
  'grant_type_unsupported',
  'signature_method_unsupported',
  'plain_challenge',
  'header_parameter_left_out',
  'secret_parameter_left_out',
  'parameter_unreadable',
] as const;
/** See {@link postmanWarnings}. */
export type PostmanWarningName = (typeof postmanWarnings)[number];

/** One warning, with the name of what it is about. */
export interface PostmanWarning {
  readonly warning: PostmanWarningName;
  readonly subject: string;
}

/** A parameter that is sent besides those of the protocol. */
export type ExtraParameter = readonly [name: string, value: string];

/** Reads the fields of one authorization, and remembers what was read and what there is to say of it. */
export interface FieldReader {
  /** A field with its variables put in; empty when it is missing. */
  text(key: string): string;
  /** As `text`, but nothing at all when a variable is unresolved: a secret is whole or absent. */
  secret(key: string): Secret | undefined;
  /** The parameters of a list such as `authRequestParams`. */
  parameters(key: string): ExtraParameter[];
  /** Counts fields as known that need no reading. */
  pass(keys: readonly string[]): void;
  warn(warning: PostmanWarningName, subject: string): void;
  readonly warnings: () => readonly PostmanWarning[];
  /** The keys that nobody asked for. */
  readonly unknownFields: () => readonly string[];
}

const secretName = /secret|password|assertion|token/iu;

/** A reader of one authorization. */
export function createFieldReader(auth: PostmanAuth, scopes: readonly RawFields[]): FieldReader {
  const known = new Set<string>();
  const warnings = new Map<string, PostmanWarning>();
  const warn = (warning: PostmanWarningName, subject: string): void => {
    warnings.set(`${warning} ${subject}`, { warning, subject });
  };
  const resolve = (value: unknown): { text: string; isWhole: boolean } => {
    const { text, unresolved } = resolveText(value, scopes);
    for (const name of unresolved) warn('variable_unresolved', name);
    return { text, isWhole: unresolved.length === 0 };
  };
  const raw = (key: string): unknown => {
    known.add(key);
    return auth.fields.get(key);
  };
  return {
    text: (key) => resolve(raw(key)).text,
    secret: (key) => {
      const { text, isWhole } = resolve(raw(key));
      return text === '' || !isWhole ? undefined : secret(text);
    },
    parameters: (key) =>
      entriesOf(raw(key), () => warn('parameter_unreadable', key)).flatMap(
        ([name, value, sentAs]) => {
          if (sentAs === 'request_header') {
            warn('header_parameter_left_out', name);
            return [];
          }
          if (secretName.test(name)) {
            warn('secret_parameter_left_out', name);
            return [];
          }
          return [[name, resolve(value).text] as const];
        },
      ),
    pass: (keys) => keys.forEach((key) => known.add(key)),
    warn,
    warnings: () => [...warnings.values()],
    unknownFields: () => [...auth.fields.keys()].filter((key) => !known.has(key)),
  };
}

/** Name, value and way of sending of each entry that is switched on. */
function entriesOf(list: unknown, onUnreadable: () => void): [string, unknown, string][] {
  if (list === undefined || list === null || list === '') return [];
  if (!Array.isArray(list)) {
    onUnreadable();
    return [];
  }
  return list.flatMap((entry: unknown): [string, unknown, string][] => {
    const [pair] = pairs([entry]);
    const sentAs = textOf(pairs(entry).get('send_as'));
    return pair === undefined || pair[0] === '' ? [] : [[pair[0], pair[1], sentAs]];
  });
}
