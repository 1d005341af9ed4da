import { secret, type Secret } from '../../values/secret.ts';
import { pairs, type PostmanAuth } from './collection.ts';
import { textOf, type Resolve } from './variables.ts';

/** What the person should know before saving. The message key of each text is `postman_warning_<name>`. */
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
/** One of {@link postmanWarnings}. */
export type PostmanWarningName = (typeof postmanWarnings)[number];

/** One warning, with the name of the field, parameter or variable that it is about. */
export interface PostmanWarning {
  readonly warning: PostmanWarningName;
  readonly subject: string;
}

/** An additional parameter. */
export type ExtraParameter = readonly [name: string, value: string];

/** Reads the fields of one authorization, and records its warnings and the fields that were read. */
export interface FieldReader {
  /** The value of a field with its variables resolved; empty when the field is missing. */
  text(key: string): string;
  /** As `text`, but undefined when the value is empty or a variable in it is unresolved. */
  secret(key: string): Secret | undefined;
  /** The parameters in a list such as `authRequestParams`, without headers and secrets. */
  parameters(key: string): ExtraParameter[];
  /** Marks fields as known without reading them. */
  ignore(keys: readonly string[]): void;
  warn(warning: PostmanWarningName, subject: string): void;
  readonly warnings: () => readonly PostmanWarning[];
  /** The keys that were neither read nor ignored. */
  readonly unknownFields: () => readonly string[];
}

const secretName = /secret|password|assertion|token/iu;

/** Creates the reader of one authorization. */
export function createFieldReader(auth: PostmanAuth, resolveText: Resolve): FieldReader {
  const known = new Set<string>();
  const warnings = new Map<string, PostmanWarning>();
  const warn = (warning: PostmanWarningName, subject: string): void => {
    warnings.set(`${warning} ${subject}`, { warning, subject });
  };
  const resolve = (value: unknown): { text: string; isResolved: boolean } => {
    const { text, unresolved } = resolveText(value);
    for (const name of unresolved) warn('variable_unresolved', name);
    return { text, isResolved: unresolved.length === 0 };
  };
  const raw = (key: string): unknown => {
    known.add(key);
    return auth.fields.get(key);
  };
  return {
    text: (key) => resolve(raw(key)).text,
    secret: (key) => {
      const { text, isResolved } = resolve(raw(key));
      return text === '' || !isResolved ? undefined : secret(text);
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
    ignore: (keys) => keys.forEach((key) => known.add(key)),
    warn,
    warnings: () => [...warnings.values()],
    unknownFields: () => [...auth.fields.keys()].filter((key) => !known.has(key)),
  };
}

/** Name, value and `send_as` of each enabled entry. */
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
