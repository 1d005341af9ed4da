import { expect, it } from 'vitest';
import project from '../../package.json' with { type: 'json' };
import {
  containedPackages,
  isAllowed,
  licensesText,
  packageOfModule,
  withoutAllowedLicense,
  type Licensed,
} from './licenses.ts';

it.each([
  ['MIT', true],
  ['GPL-3.0-or-later', false],
  ['(MIT OR GPL-3.0-or-later)', true],
  ['(GPL-2.0 OR GPL-3.0)', false],
  ['(MIT AND Zlib)', false],
  ['(MIT AND ISC)', true],
  ['(MIT OR Zlib) AND (GPL-2.0 OR GPL-3.0)', false],
  ['none', false],
])('judges the licence expression %s', (expression, isFine) => {
  expect(isAllowed(expression, ['MIT', 'ISC'])).toBe(isFine);
});

it('allows tools more than what is in the packages, and nobody an unknown licence', () => {
  const of = (name: string, license: string, isTool: boolean) =>
    ({ name, version: '1.0.0', license, isTool }) satisfies Licensed & { isTool: boolean };
  const refused = withoutAllowedLicense([
    of('mit', 'MIT', false),
    of('cc-tool', 'CC-BY-4.0', true),
    of('cc-product', 'CC-BY-4.0', false),
    of('gpl-tool', 'GPL-3.0', true),
  ]);
  expect(refused.map(({ name }) => name)).toEqual(['cc-product', 'gpl-tool']);
});

it.each([
  ['/home/somebody/threelo/node_modules/@preact/signals/dist/signals.module.js', '@preact/signals'],
  ['/threelo/node_modules/a/node_modules/preact/dist/preact.mjs', 'preact'],
  ['C:\\threelo\\node_modules\\valibot\\dist\\index.mjs', 'valibot'],
  ['\0vite/preload-helper.js', 'vite'],
  ['\0rolldown/runtime.js', 'rolldown'],
  ['/threelo/background/main.ts', undefined],
  ['/@crx/manifest', undefined],
])('knows the package of the module %s', (id, name) => {
  expect(packageOfModule(id)).toBe(name);
});

it('writes each licence once, after the own one, with where the source is', () => {
  const text = licensesText(['webextension-polyfill', 'preact', 'preact', 'vite']);
  const titles = text.split(/\n-{72}\n/u).map((part) => part.trim().split('\n')[0]);
  expect(titles.slice(1)).toEqual([
    'Threelo (MIT)',
    expect.stringMatching(/^preact \d.* \(MIT\)$/u),
    expect.stringMatching(/^vite \d.* \(MIT\)$/u),
    expect.stringMatching(/^webextension-polyfill \d.* \(MPL-2\.0\)$/u),
  ]);
  expect(text).toContain('https://github.com/mozilla/webextension-polyfill\n');
  expect(text).not.toContain('Bundled dependencies');
});

it('tells which packages a text lists', () => {
  const listed = containedPackages(licensesText(['@preact/signals', 'vite']));
  expect(listed).toEqual([
    `@preact/signals@${project.dependencies['@preact/signals']}`,
    `vite@${project.devDependencies.vite}`,
  ]);
});

it('refuses a tool in the packages whose licence is only allowed for tools', () => {
  expect(() => licensesText(['caniuse-lite'])).toThrow('CC-BY-4.0');
});

it('refuses a package that is not installed', () => {
  expect(() => licensesText(['no-such-package'])).toThrow('npm ci');
});
