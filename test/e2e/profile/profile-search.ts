import type { BrowserName } from '../browser/browser-under-test.ts';
import { createSearch, type Canary } from './canary-search.ts';
import { profileViews } from './profile-views.ts';

/** What to look for in a profile that no browser uses. */
export interface ProfileSearch {
  readonly profileDir: string;
  readonly extensionOrigin: string;
  readonly secrets: readonly Canary[];
  /** What is stored there unencrypted. */
  readonly controls: readonly Canary[];
}

/**
 * Searches every file. The browsers themselves keep the addresses that the sign-in window went through, and that is no leak of
 * ours: the state in the history and in session files, and an answer of Atlassian's with the code, which works once, in the HTTP
 * cache. In what the browser keeps for the extension they count like every other secret.
 */
export function searchProfile({ profileDir, extensionOrigin, secrets, controls }: ProfileSearch): {
  leaks: string[];
  found: string[];
} {
  const search = createSearch(secrets);
  const seen = createSearch(controls);
  const { host } = new URL(extensionOrigin);
  const leaks: string[] = [];
  const found = new Set<string>();
  for (const { file, as, bytes } of profileViews(profileDir)) {
    const isTheBrowsers = (hit: string): boolean =>
      placeOf(file, host) === 'elsewhere' &&
      (hit.startsWith('state ') || (hit.startsWith('code ') && isHttpCache(file)));
    for (const hit of search(bytes))
      if (!isTheBrowsers(hit)) leaks.push(`${file} as ${as}: ${hit}`);
    for (const hit of seen(bytes)) found.add(`${hit} ${placeOf(file, host)} as ${as}`);
  }
  return { leaks, found: [...found] };
}

/** Whether the browser keeps a file for the extension. Chromium has the databases of storage buckets in folders with a number. */
function placeOf(file: string, extensionHost: string): 'of ours' | 'elsewhere' {
  const isInBucket = /(^|\/)WebStorage\/\d+\/IndexedDB\//u.test(file);
  return isInBucket || file.includes(extensionHost) ? 'of ours' : 'elsewhere';
}

function isHttpCache(file: string): boolean {
  return /(^|\/)(Cache\/Cache_Data|cache2)\//u.test(file);
}

/** What the search has to find, by each way in which the browser writes: else it would find nothing for being blind. */
export const storedInTheClear: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: [
    'client name (UTF-8) of ours as bytes',
    'client description (UTF-8) of ours as bytes',
    'e-mail (UTF-8) of ours as bytes',
    'page title (UTF-8) elsewhere as sqlite',
    'stored by the page (UTF-16LE) elsewhere as bytes',
    'stored by the page (base64) elsewhere as bytes',
  ],
  firefox: [
    'client name (UTF-16LE) of ours as sqlite, snappy',
    'client description (UTF-16LE) of ours as sqlite, snappy',
    'e-mail (UTF-8) of ours as sqlite, snappy',
    'client name (UTF-8) elsewhere as lz4',
    'page title (UTF-8) elsewhere as sqlite',
    'stored by the page (base64) elsewhere as sqlite',
  ],
};
