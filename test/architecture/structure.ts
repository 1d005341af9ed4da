/**
 * `npm run structure [folder]`: the size and the import structure of a checkout, this one unless a folder is named.
 * Type imports count.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { circlesOf, levelsOf, type Arrow } from './graph.ts';
import { importsIn } from './imports.ts';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const filesOf = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.d.ts'));
const isTest = (file: string): boolean => file.startsWith('test/') || file.includes('.test.');

const sources = filesOf('{background,extension,options,popup,test}/**/*.{ts,tsx}');
const product = sources.filter((file) => !isTest(file));
const tests = sources.filter(isTest);

const arrows: readonly Arrow[] = sources.flatMap((file) =>
  importsIn(file, read(file))
    .filter(({ specifier }) => !specifier.includes('?'))
    .flatMap(({ reached }) => reached.map((to) => [file, to] as const)),
);
const within = (files: readonly string[]): Arrow[] => {
  const known = new Set(files);
  return arrows.filter(([from, to]) => known.has(from) && known.has(to));
};
const foldersOf = (some: readonly Arrow[]): Arrow[] =>
  some.map(([from, to]) => [posix.dirname(from), posix.dirname(to)]);
const linesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + read(file).split('\n').length - 1, 0);
const largestFolder = (files: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const folder of files.map((file) => posix.dirname(file)))
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return `${most} (${[...counts].find(([, count]) => count === most)?.[0] ?? ''})`;
};
const sizes = (circles: readonly string[][]): string =>
  circles.length === 0 ? '0' : circles.map((nodes) => `${nodes.length}`).join(' + ');

const background = product.filter((file) => file.startsWith('background/'));
const rows: readonly (readonly [string, string | number])[] = [
  ['product files', product.length],
  ['product lines', linesOf(product)],
  ['product files in the largest folder', largestFolder(product)],
  ['circles of product files', sizes(circlesOf(within(product)))],
  ['circles of product folders', sizes(circlesOf(foldersOf(within(product))))],
  ['import levels of background, files', levelsOf(within(background))],
  ['import levels of background, folders', levelsOf(foldersOf(within(background)))],
  ['test files', tests.length],
  ['test lines', linesOf(tests)],
  ['circles of test files', sizes(circlesOf(within(tests)))],
  [
    'circles of test folders',
    sizes(circlesOf(foldersOf(within(tests.filter((file) => !file.includes('.test.')))))),
  ],
];
for (const [name, value] of rows) console.log(`${name.padEnd(38)} ${value}`);
for (const nodes of [
  ...circlesOf(within(tests)),
  ...circlesOf(foldersOf(within(tests.filter((file) => !file.includes('.test.'))))),
])
  console.log(nodes.join('  '));
