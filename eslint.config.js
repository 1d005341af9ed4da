import { relative } from 'node:path';
import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import unicorn from 'eslint-plugin-unicorn';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importProblem } from './test/architecture/room-rules.ts';

const product = ['{background,extension,options,popup}/**/*.{ts,tsx}'];
const tests = ['test/**/*.{ts,tsx}', '**/*.test.{ts,tsx}'];
const configs = ['*.config.{js,ts}'];
const roomTable = 'test/architecture/room-table.ts';

/** Holds product files to the room table; `rooms.test.ts` does the same to all of them at once. */
const roomRule = {
  create(context) {
    const file = relative(import.meta.dirname, context.filename).replaceAll('\\', '/');
    const judge = ({ source }) => {
      const problem = source && importProblem(file, source.value);
      if (problem) context.report({ node: source, message: `${problem} See ${roomTable}.` });
    };
    return {
      ImportDeclaration: judge,
      ImportExpression: judge,
      ExportNamedDeclaration: judge,
      ExportAllDeclaration: judge,
    };
  },
};

const forbiddenSyntax = [
  ['TSEnumDeclaration', 'A closed set is an `as const` array with a derived union.'],
  ['TSModuleDeclaration[kind="namespace"]', 'Modules are the namespaces.'],
  ['JSXAttribute[name.name="dangerouslySetInnerHTML"]', 'Text goes into the DOM as text.'],
  ['MemberExpression[property.name=/^(inner|outer|insertAdjacent)HTML$/]', 'As text.'],
].map(([selector, message]) => ({ selector, message }));

const worldly = 'window document self globalThis navigator fetch crypto setTimeout'.split(' ');
const nowSyntax = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Take the time as an argument.',
};

export default defineConfig(
  globalIgnores([
    'dist/',
    'node_modules/',
    'test-results/',
    '.cache/',
    'docs/',
    'extension/core/globals.d.ts',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: 'tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX, unicorn, rooms: { rules: { imports: roomRule } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Objects here are records of closures: nothing but an error has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // A reply's type has no value to infer it from (extension/wire/commands.ts).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // A number in a template reads as it should; everything else must be made a text on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'import-x/no-default-export': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...forbiddenSyntax],
      'no-eval': 'error',
      // A workaround carries the day on which somebody looks again: `TODO [2027-06-01]: …`.
      'unicorn/expiring-todo-comments': ['error', { checkDates: true }],
    },
  },
  {
    files: product,
    ignores: tests,
    rules: {
      'rooms/imports': 'error',
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      // A log is a place where secrets end up; faults are data and shown to the person.
      'no-console': 'error',
    },
  },
  {
    // Floors 0 and 1 are told the time, the chance and the network, so tests need no fakes for them.
    files: ['extension/{core,wire,storage,oauth}/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...worldly],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
      ],
      'no-restricted-syntax': ['error', ...forbiddenSyntax, nowSyntax],
    },
  },
  {
    // Tests feed what no sane caller sends, and fail by themselves when something is not there.
    files: tests,
    rules: {
      'no-control-regex': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
    },
  },
  // One table, one row for each room: more rooms make it longer, and it is not read from top to bottom.
  { files: [roomTable], rules: { 'max-lines': 'off' } },
  // What it contains runs in a page, as a text, so it cannot import its parts.
  {
    files: ['test/e2e/page/in-page.ts'],
    rules: { 'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }] },
  },
  { files: configs, rules: { 'import-x/no-default-export': 'off' } },
  { files: ['**/*.d.ts'], rules: { 'import-x/no-default-export': 'off', 'no-var': 'off' } },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: false, process: false } },
  },
  {
    files: ['test/e2e/recipes/*.js'],
    languageOptions: {
      globals: {
        addEventListener: false,
        document: false,
        localStorage: false,
        threelo: false,
        window: false,
      },
    },
  },
  {
    // A script, whose functions others use.
    files: ['test/e2e/recipes/extension.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { chrome: false, crypto: false, Blob: false },
    },
    rules: {
      'no-unused-vars': ['error', { vars: 'local' }],
    },
  },
);
