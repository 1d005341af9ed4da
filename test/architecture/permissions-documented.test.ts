import { expect, test } from 'vitest';
import manifest from '../../manifest.json' with { type: 'json' };
import { codeSpans, sectionOf, tableRows } from './markdown.ts';

const file = 'docs/permissions.md';
const firstCells = (heading: string): string[] =>
  tableRows(file, heading).flatMap(([cell = '']) => codeSpans(cell));

test('lists the permissions', () => {
  expect(firstCells('## Permissions')).toEqual(manifest.permissions);
});

test('lists the hosts', () => {
  expect(firstCells('## Hosts').toSorted()).toEqual(manifest.host_permissions.toSorted());
  const [, optional = ''] = sectionOf(file, '## Hosts').split('Optional: ');
  expect(codeSpans(optional.split('.')[0] ?? '')).toEqual(manifest.optional_host_permissions);
});

test('lists the directives of the content security policy', () => {
  const heading = "## The content security policy of the extension's pages";
  const [fallback = ''] = codeSpans(sectionOf(file, heading));
  const listed = [fallback, ...firstCells(heading)];
  // Directives that share a value are listed by name, with the value after the last of them.
  const [, shared = ''] = / (.*)$/u.exec(listed.at(-1) ?? '') ?? [];
  const policy = listed.map((one) => (one.includes(' ') ? one : `${one} ${shared}`)).join('; ');
  expect(policy).toBe(manifest.content_security_policy.extension_pages);
});
