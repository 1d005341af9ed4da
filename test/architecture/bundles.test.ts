import { describe, expect, it } from 'vitest';
import { protocolParameters } from '../../extension/core/client/extra-parameters.ts';
import {
  loadedBy,
  packagedFiles,
  packagedText,
  scriptsOf,
  targets,
  type Target,
} from '../tools/package-graph.ts';

/** The contexts that must be unable to hold a token: what they load has no name for one. */
const tokenless = [
  'popup/index.html',
  'popup/ask.html',
  'options/index.html',
  'extension/content/content.js',
  'extension/content/page-shim.js',
];
const background = 'service-worker-loader.js';
/** The editor knows which parameters of a request are the protocol's own, by their names alone; the import, which of Postman's fields. */
const editor = 'options/index.html';

function scriptText(target: Target, entry: string): string {
  return scriptsOf(target, entry)
    .map((file) => packagedText(target, file))
    .join('\n');
}

/** Every packaged file that a manifest names. */
function namedBy(value: unknown): string[] {
  if (typeof value === 'string')
    return /^[\w/-]+\.(?:html|js|json|png)$/u.test(value) ? [value] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(namedBy) : [];
}

function manifestFiles(target: Target): string[] {
  return namedBy(JSON.parse(packagedText(target, 'manifest.json')));
}

describe.each(targets)('the %s package', (target) => {
  const tokenWords = /oauth4webapi|refresh_token|access_token|code_verifier|client_secret=/giu;

  it.each(tokenless)('has no word for a token in %s', (entry) => {
    const named = [...protocolParameters].filter((name) => name.match(tokenWords));
    const found = [...new Set(scriptText(target, entry).match(tokenWords))];
    expect(found.sort()).toEqual(entry === editor ? named.sort() : []);
  });

  it('has the words for tokens in the background, where this test would find them', () => {
    const words = new Set(scriptText(target, background).match(tokenWords));
    expect([...words].sort()).toEqual(
      expect.arrayContaining(['access_token', 'code_verifier', 'oauth4webapi', 'refresh_token']),
    );
  });

  it('starts the background from one file, without what only pages use', () => {
    expect(scriptsOf(target, background)).toEqual([background]);
  });

  const scripts = packagedFiles(target).filter((file) => file.endsWith('.js'));

  it.each(scripts)('makes no code of text in %s', (file) => {
    expect(
      packagedText(target, file).match(/\beval\(|\bFunction\(["'`]|new Function\b/gu),
    ).toBeNull();
  });

  it.each(scripts)('has every call that may throw in %s', (file) => {
    expect(packagedText(target, file)).not.toMatch(/try\{return(?:!0|!1)?\}catch/u);
  });

  it.each(scripts)('has nothing of the dev server in %s', (file) => {
    const marks =
      /localhost:\d+|127\.0\.0\.1:\d+|import\.meta\.hot|@vite\/client|sourceMappingURL|\bcrx:/gu;
    expect(packagedText(target, file).match(marks)).toBeNull();
  });

  it('is not sent to a translation service: its pages name accounts and sites', () => {
    for (const page of packagedFiles(target).filter((file) => file.endsWith('.html')))
      expect(packagedText(target, page), page).toContain('translate="no"');
  });

  it('loads code from nowhere but itself', () => {
    const fromOutside = packagedFiles(target)
      .filter((file) => /\.(?:js|html|css)$/u.test(file))
      .filter((file) =>
        /(?:\bfrom|\bimport\(?|src=|href=|url\()\s*["'`]?(?:https?:)?\/\//u.test(
          packagedText(target, file),
        ),
      );
    expect(fromOutside).toEqual([]);
  });

  it('has every file that its manifest names', () => {
    expect(manifestFiles(target).length).toBeGreaterThan(5);
    expect(packagedFiles(target)).toEqual(expect.arrayContaining(manifestFiles(target)));
  });

  it('has no file that nothing uses', () => {
    // The worker opens the question window; browsers read the rest by its place.
    const entries = [...manifestFiles(target), 'popup/ask.html'];
    const used = new Set(entries.flatMap((entry) => loadedBy(target, entry)));
    const unused = packagedFiles(target).filter(
      (file) => !used.has(file) && file !== 'manifest.json' && !file.startsWith('_locales/'),
    );
    expect(unused).toEqual([]);
  });
});
