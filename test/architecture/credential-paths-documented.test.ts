import { expect, test } from 'vitest';
import { credentialPaths } from '../../extension/core/call/credential-paths.ts';
import { codeSpans, sectionOf, tableRows } from './markdown.ts';
import { sourceText } from './imports.ts';

const file = 'docs/credential-paths.md';
const documented = tableRows(file, '## Rows');

test('lists each refused path of each product', () => {
  expect(documented.map(([product, row = '']) => [product, ...codeSpans(row)])).toEqual(
    Object.entries(credentialPaths).flatMap(([product, rows]) => rows.map((row) => [product, row])),
  );
});

test('names the documentation page of each', () => {
  for (const [, row, pages = ''] of documented)
    expect(pages, row).toMatch(/\]\(https:\/\/[^)]+\)/u);
});

test('lists the names and directories of endpoints that a configuration does not name', () => {
  const source = sourceText('extension/core/call/credential-paths.ts');
  const [, names = ''] = /protocolNames = new Set\(\s*\[([^\]]*)\]/u.exec(source) ?? [];
  const [, directories = ''] = /protocolDirectory = \/\\\/\(\?:([^)]*)\)/u.exec(source) ?? [];
  const [, resources = ''] = /protocolResources = new Set\(\[([^\]]*)\]/u.exec(source) ?? [];
  const words = (text: string): string[] => text.match(/[\w-]+/gu) ?? [];
  const inCode = [
    ...words(names),
    ...directories.replace('oauth2?', 'oauth|oauth2').split('|'),
    ...words(resources),
  ];
  expect(codeSpans(sectionOf(file, "## The provider's own endpoints")).toSorted()).toEqual(
    inCode.toSorted(),
  );
});
