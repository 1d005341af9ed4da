import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root, sourceText } from './imports.ts';

const file = 'docs/page-authors.md';

test('has the code that is tested, and no other', () => {
  const blocks = [...sourceText(file).matchAll(/^```\w*\n([\s\S]*?)^```$/gmu)].map(
    ([, code]) => code,
  );
  const files = globSync('test/e2e/recipes/*', { cwd: root });
  expect(files.length).toBeGreaterThan(0);
  expect(blocks.toSorted()).toEqual(files.map(sourceText).toSorted());
});
