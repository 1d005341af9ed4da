import { expect, test } from 'vitest';
import { downloadPaths, mediaOrigins } from '../../extension/core/call/download-paths.ts';
import { followedRequestHeaders } from '../../extension/core/call/headers.ts';
import manifest from '../../manifest.json' with { type: 'json' };
import { codeSpans, sectionOf, tableRows } from './markdown.ts';

const file = 'docs/download-paths.md';
const documented = tableRows(file, '## Rows');

test('lists each path of each product', () => {
  expect(documented.map(([product, row = '']) => [product, ...codeSpans(row)])).toEqual(
    Object.entries(downloadPaths).flatMap(([product, rows]) => rows.map((row) => [product, row])),
  );
});

test('names the documentation page of each', () => {
  for (const [, row, pages = ''] of documented)
    expect(pages, row).toMatch(/\]\(https:\/\/[^)]+\)/u);
});

test('names the media service of each gateway, for which the extension has a permission', () => {
  const [, row = []] = tableRows(file, '## What is delivered');
  const [media, gateway] = codeSpans(row[0] ?? '');
  expect(mediaOrigins).toEqual({ [gateway ?? '']: media });
  expect(manifest.host_permissions).toContain(`${media ?? ''}/*`);
});

test('lists the request headers that go along', () => {
  const [, rest = ''] = sectionOf(file, '## What is delivered').split(
    'request headers Threelo sends',
  );
  const names = codeSpans(rest.split('alone')[0] ?? '');
  const { length } = followedRequestHeaders(names.map((name) => [name, 'x']));
  expect(length).toBe(names.length);
  const others = ['accept-language', 'content-type', 'if-match', 'x-atlassian-token'];
  expect(followedRequestHeaders(others.map((name) => [name, 'x']))).toEqual([]);
});
