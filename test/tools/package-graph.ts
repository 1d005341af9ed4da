import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The two packages, by the folder under `dist/`. */
export const targets = ['chrome', 'firefox'] as const;
export type Target = (typeof targets)[number];

const root = join(import.meta.dirname, '../..');

/** Where a package lies. */
export function packageFolder(target: Target): string {
  return join(root, 'dist', target);
}

/** Where the npm package of the page client lies. */
export const pageClientFolder = join(root, 'dist/page-client');

/** Every file of a package, relative to its folder. */
export function packagedFiles(target: Target): string[] {
  return readdirSync(packageFolder(target), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(packageFolder(target), posix.join(entry.parentPath, entry.name)))
    .sort();
}

/** The text of one packaged file. */
export function packagedText(target: Target, file: string): string {
  return readFileSync(join(packageFolder(target), file), 'utf8');
}

/** What a module loads when it is needed. */
const lateReference = /\bimport\s*\(\s*["'`](\.{1,2}\/[^"'`]+)["'`]/gu;
const startReferences = [
  /(?:\bfrom|\bimport)\s*["'`](\.{1,2}\/[^"'`]+)["'`]/gu, // between modules
  /(?:src|href)="(\/[^"]+)"/gu, // from pages
  /["'`](\/?extension\/content\/[^"'`]+\.js)["'`]/gu, // scripts that the worker injects
  /["'`]\/?([\w-]+\.txt)["'`]/gu, // data that the worker reads, texts that the pages link
  /url\(["']?(\/[^"')]+)["']?\)/gu, // from styles
];

function referencesOf(target: Target, file: string, isAtStart: boolean): string[] {
  const text = packagedText(target, file);
  return [...startReferences, ...(isAtStart ? [] : [lateReference])]
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([, path = '']) => path))
    .map((path) =>
      path.startsWith('.') ? posix.join(posix.dirname(file), path) : path.replace(/^\//u, ''),
    );
}

/** A file with all that it loads, directly or not. Throws when one of them is not packaged. */
export function loadedBy(
  target: Target,
  entry: string,
  isFollowed = (_file: string): boolean => true,
  isAtStart = false,
): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file) || !isFollowed(file)) return;
    seen.add(file);
    if (/\.(js|html|css)$/u.test(file)) referencesOf(target, file, isAtStart).forEach(visit);
  };
  visit(entry);
  return [...seen].sort();
}

const isInjected = (file: string): boolean => file.startsWith('extension/content/');

/** Scripts of each entry, with the chunks it shares with others. What the worker only injects is not its own. */
export function scriptsOf(target: Target, entry: string): string[] {
  const own = loadedBy(target, entry, (file) => file === entry || !isInjected(file));
  return own.filter((file) => file.endsWith('.js'));
}

/** Those of them that are loaded when it starts, without what is loaded when it is needed. */
export function startScriptsOf(target: Target, entry: string): string[] {
  const own = loadedBy(target, entry, (file) => file === entry || !isInjected(file), true);
  return own.filter((file) => file.endsWith('.js'));
}
