import { describe, expect, test } from 'vitest';
import { countObjects, maxObjects, maxScannedBytes } from './count-objects.ts';

function count(body: unknown, scanned = Infinity): number {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return countObjects(bytes.subarray(0, scanned), bytes.length);
}
const issues = (many: number): object[] =>
  Array.from({ length: many }, (_, at) => ({
    id: String(at),
    fields: { summary: 'a "quoted" [text], {with} \\ signs', labels: ['a', 'b'] },
  }));

describe('the objects of', () => {
  test.each<[string, unknown, number]>([
    ['an array', [1, 2, 3], 3],
    ['an array of arrays', [[1, 2], [3]], 2],
    ['an empty array', [], 0],
    ['an empty array with space', '  [ \n ] ', 0],
    ['a search', { expand: 'names', startAt: 0, issues: issues(50) }, 50],
    ['a page of values', { values: issues(7), isLast: true }, 7],
    ['an empty page', { results: [], start: 0 }, 0],
    ['one issue', issues(1)[0], 1],
    [
      'one object with lists of its own',
      { id: 1, issueTypes: [{}, {}], fields: { values: [1] } },
      1,
    ],
    ['a list under another name first', { warningMessages: ['a', 'b'], issues: issues(3) }, 3],
    ['the name of a list as a text', { name: 'issues', avatars: [1, 2] }, 1],
    ['a text', '"issues"', 1],
    ['no JSON', 'PK\u0003\u0004[,,,]', 1],
    ['what is cut off in a text', '{"issues":[{"a":"b', 1],
    ['quoted signs', { issues: ['\\', '"', '[,]', '\\"'] }, 4],
    ['an array after a byte order mark', '\uFEFF[1,2]', 2],
    ['an array with objects with space', '[ {"a" : 1} , {"b" : [ ] } ]', 2],
  ])('%s', (_, body, expected) => {
    expect(count(body)).toBe(expected);
  });
});

test('the rest of a long body is estimated', () => {
  const estimate = count({ startAt: 0, issues: issues(5000) }, maxScannedBytes);
  expect(estimate).toBeGreaterThan(4800);
  expect(estimate).toBeLessThan(5200);
});

test('no response has more objects than any of Atlassian has', () => {
  expect(countObjects(Buffer.from('[0,0,0,0,0,'), 100_000_000)).toBe(maxObjects);
});
