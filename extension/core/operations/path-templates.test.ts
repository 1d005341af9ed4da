import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseOperationTable, tableHeader } from './operation-table.ts';
import { isPlaceholder, parsePathTemplates } from './path-templates.ts';

const packaged = readFileSync(join(import.meta.dirname, '../../public/operations.txt'), 'utf8');

it('has the paths with their methods, and names parameters after the segment before', () => {
  const text = [tableHeader, 'read:a', '0 rest/api/3/issue P0', '4 * G0 U-', '5 */votes D0', ''];
  expect(
    parsePathTemplates(text.join('\n')).map(({ segments, methods }) => [
      `/${segments.join('/')}`,
      ...methods,
    ]),
  ).toEqual([
    ['/rest/api/3/issue', 'POST'],
    ['/rest/api/3/issue/{issue}', 'GET', 'PUT'],
    ['/rest/api/3/issue/{issue}/{id}/votes', 'DELETE'],
  ]);
});

it('has the 1,107 operations of the package, each of which is found by its path', () => {
  const templates = parsePathTemplates(packaged);
  const table = parseOperationTable(packaged);
  const found = templates.flatMap(({ segments, methods }) => {
    const pathname = `/${segments.map((one) => (isPlaceholder(one) ? '1' : one)).join('/')}`;
    const product = segments[0] === 'wiki' ? 'confluence' : 'jira';
    return methods.map((method) => table.find({ product, method, pathname }) !== undefined);
  });
  expect([found.length, found.every(Boolean)]).toEqual([1107, true]);
});

it('refuses what is no table', () => {
  expect(() => parsePathTemplates('<html>')).toThrow('not a table');
});
