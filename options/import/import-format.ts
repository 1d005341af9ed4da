/** The format of an import: a file that looks like Postman's, or any other JSON. */
export type ImportFormat = 'postman' | 'clients';

/**
 * Detects the format of a text by its shape, so that the right parser reports the problem.
 * Undefined if the text is not JSON.
 */
export function importFormatOf(json: string): ImportFormat | undefined {
  try {
    return isOfPostman(JSON.parse(json.replace(/^\uFEFF/u, ''))) ? 'postman' : 'clients';
  } catch {
    // The parser's error quotes the text, which may contain a secret.
    return undefined;
  }
}

/** Collections of all versions, also as Postman's API wraps them, and environments. */
function isOfPostman(root: unknown): boolean {
  if (!isObject(root)) return false;
  const { collection, environment, info, requests, values } = root;
  return (
    isObject(collection) ||
    isObject(environment) ||
    Array.isArray(values) ||
    Array.isArray(requests) ||
    (isObject(info) && typeof info['schema'] === 'string')
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
