import { storeManifest } from '../../extension/manifest-for.ts';

/** Files by path, separated by `/`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The files that stores add, and no others: signatures of AMO, hashes and signatures of the Chrome Web Store. */
const addedByStores = new Set([
  ...['manifest.mf', 'mozilla.sf', 'mozilla.rsa', 'cose.manifest', 'cose.sig'].map(
    (name) => `META-INF/${name}`,
  ),
  ...['verified_contents.json', 'computed_hashes.json'].map((name) => `_metadata/${name}`),
]);

/** From where the stores let the browser update what they serve. From any other address it would get other code. */
const storeUpdates: readonly unknown[] = [
  'https://clients2.google.com/service/update2/crx',
  'https://edge.microsoft.com/extensionwebstorebase/v1/crx',
];

/** The manifest as a value, without what stores add. */
function manifestValue(bytes: Uint8Array | undefined): string {
  const text = Buffer.from(bytes ?? []).toString('utf8');
  const parsed = JSON.parse(text) as Record<string, unknown>;
  // Which of two members of one name counts is up to the program that reads it.
  if (memberNames(text) !== memberNames(JSON.stringify(parsed))) return text;
  const { update_url: updateUrl, ...manifest } = storeManifest(parsed);
  const isOfStore = updateUrl === undefined || storeUpdates.includes(updateUrl);
  return JSON.stringify(isOfStore ? manifest : { ...manifest, updateUrl }, sortedKeys);
}

/** How many names of members a JSON text has. */
function memberNames(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/gu)].filter(([, colon]) => colon !== '')
    .length;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(name: string, built: Files, given: Files): boolean {
  if (name === 'manifest.json')
    return manifestValue(built.get(name)) === manifestValue(given.get(name));
  return Buffer.compare(built.get(name) ?? Buffer.of(), given.get(name) ?? Buffer.of()) === 0;
}

/** How a package differs from the one that was built, one sentence for each file: none when it has the same files with the same content. */
export function differencesOf(built: Files, given: Files): string[] {
  const names = [...new Set([...built.keys(), ...given.keys()])].sort();
  return names
    .filter((name) => !addedByStores.has(name))
    .flatMap((name) => {
      if (!given.has(name)) return [`${name} is missing in the package.`];
      if (!built.has(name)) return [`${name} is only in the package.`];
      return isSame(name, built, given) ? [] : [`${name} differs.`];
    });
}
