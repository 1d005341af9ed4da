/** What an import can be made of: a collection of Postman (or what looks like a file of it), or anything else. */
export type ImportFormat = 'postman' | 'clients';

/**
 * Tells by the shape of a text what it is meant to be, so that the right reader can say what is wrong with it.
 * Undefined when it is not JSON.
 */
export function importFormatOf(json: string): ImportFormat | undefined {
  try {
    return isOfPostman(JSON.parse(json.replace(/^\uFEFF/u, ''))) ? 'postman' : 'clients';
  } catch {
    // The parser's own words quote the text, which may hold a secret.
    return undefined;
  }
}

/** Collections of all versions, also in the envelope of Postman's API, and environments. */
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
