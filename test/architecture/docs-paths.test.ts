import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, sourceText } from './imports.ts';
import { codeSpans, expandBraces } from './markdown.ts';
import { reachedBy } from './room-rules.ts';

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();
const fileNames = new Set(
  globSync(['*', '.*', '{background,extension,options,popup,test}/**/*'], { cwd: root }).map(
    (file) => basename(file),
  ),
);

/**
 * The files and folders that a document names: in code spans also by the name alone, in diagrams by their path. A folder
 * ends with a slash. `test-results/` is made by tests, `dist/packages/` by `npm run package`.
 */
function pathsIn(document: string): string[] {
  const text = sourceText(document);
  const spans = codeSpans(text)
    .flatMap(expandBraces)
    .filter((span) =>
      /^[\w#@*./-]+\.(?:test\.)?(?:tsx?|m?js|json|css)$|^[\w-][\w/-]*\/$/u.test(span),
    )
    .filter((span) => !/^(?:test-results|dist\/packages)\//u.test(span));
  const paths = text.matchAll(/\b(?:background|extension|options|popup|test)\/[\w./-]+\.tsx?\b/gu);
  return [...new Set([...spans, ...[...paths].map(([path]) => path)])];
}

/** A path starts at the root of the repository, or is an import by the name of a floor; a name alone may be anywhere. `*` matches any name. */
function exists(path: string): boolean {
  if (path.includes('*')) return globSync(path, { cwd: root }).length > 0;
  if (!path.includes('/')) return fileNames.has(path);
  const files = path.startsWith('#') ? reachedBy(path, path) : [path];
  return files.length > 0 && files.every((file) => existsSync(join(root, file)));
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  return [...sourceText(document).matchAll(/^#+ (.*)$/gmu)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(documents)('the files and folders that %s names exist', (document) => {
  expect(pathsIn(document).filter((path) => !exists(path))).toEqual([]);
});

test.each(documents)('the links of %s lead somewhere', (document) => {
  const links = [...sourceText(document).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/gu)];
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? document : join(document, '..', path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});
