import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePathTemplates } from '#core/operations/path-templates.ts';
import { completions, firstPlaceholder, maxCompletions } from './path-completion.ts';

const templates = parsePathTemplates(
  readFileSync(join(import.meta.dirname, '../../extension/public/operations.txt'), 'utf8'),
);
const paths = (typed: string, product: 'jira' | 'confluence' | 'bamboo' = 'jira'): string[] =>
  completions(typed, templates, product).map(({ path }) => path);

it('continues a path, with the typed values of its parameters', () => {
  expect(paths('/rest/api/3/issue/ROC-1/vo')).toEqual(['/rest/api/3/issue/ROC-1/votes']);
  expect(paths('/rest/api/3/issue/ROC-1/comment/')).toContain(
    '/rest/api/3/issue/ROC-1/comment/{comment}',
  );
  expect(paths('/rest/api/2/mysel')).toEqual(['/rest/api/2/myself']);
  expect(paths('/rest/api/latest/MYS?x=1')).toEqual(['/rest/api/latest/myself']);
  expect(paths('/rest/api/3/myself')).toEqual([]);
  expect(paths('/rest/api/3/unheard')).toEqual([]);
});

it('finds words in any order', () => {
  expect(paths('votes issue')).toEqual(['/rest/api/3/issue/{issue}/votes']);
  expect(paths('/wiki/api/v2/spaces', 'confluence').length).toBeGreaterThan(0);
});

it('proposes paths of the product, and not too many; of other systems none', () => {
  expect(paths('')).toHaveLength(maxCompletions);
  expect(paths('/wiki')).toEqual([]);
  expect(paths('', 'confluence').every((path) => path.startsWith('/wiki/'))).toBe(true);
  expect(paths('', 'bamboo')).toEqual([]);
});

it('names the methods', () => {
  const [issue] = completions('/rest/api/3/issue/{issue', templates, 'jira');
  expect(issue).toBeDefined();
  expect(completions('rest api 3 issue votes', templates, 'jira')[0]?.methods).toEqual([
    'GET',
    'POST',
    'DELETE',
  ]);
});

it('finds the first parameter without a value', () => {
  expect(firstPlaceholder('/rest/{a}/{b}')).toEqual([6, 9]);
  expect(firstPlaceholder('/rest/a?x={y}')).toBeUndefined();
  expect(firstPlaceholder('/rest/a')).toBeUndefined();
});
