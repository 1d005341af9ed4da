/** The longest file of Postman that is read, in UTF-16 code units. */
export const longestPostmanFile = 20_000_000;

/** The members that tell a file of Postman: a collection, also of version 1 or in its API's envelope, and an environment. */
const postmanMembers = ['info', 'item', 'collection', 'requests', 'environment', 'values'];

/** Whose file a text is: `postman`, or else it is to be read as client configurations. */
export function importKindOf(json: string): 'postman' | 'clients' {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.replace(/^\uFEFF/u, ''));
  } catch {
    // Whoever reads it in full tells what is wrong with it.
    return 'clients';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'clients';
  const members = new Set(Object.keys(parsed));
  return postmanMembers.some((member) => members.has(member)) ? 'postman' : 'clients';
}
