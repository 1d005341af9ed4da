import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { defineConfig, type Plugin } from 'vite';
import project from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const source = join(root, 'extension/page-client');
const outDir = join(root, 'dist/page-client');

/** The entries, and the sources that the types of each are declared in. */
const declared: ReadonlyMap<string, readonly string[]> = new Map([
  ['index', ['../wire/page-api.ts', 'connect.ts', 'route.ts']],
  ['testing', ['testing/types.ts', 'testing/create-threelo.ts']],
]);
const entries = [...declared.keys()];

const published = /^import type \{ (.*) \} from '#wire\/page-api\.ts';$/gmu;

/** The declarations of one entry, in one file: without what its sources import from each other. */
function declarationsOf(entry: string): string {
  const texts = (declared.get(entry) ?? []).map((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return ts.transpileDeclaration(text, { fileName: file }).outputText;
  });
  const types = texts.flatMap((text) =>
    [...text.matchAll(published)].flatMap(([, names = '']) => names.split(', ')),
  );
  const imports = `import type { ${[...new Set(types)].join(', ')} } from './index.js';\n`;
  const own = texts.map((text) => text.replaceAll(/^import .*\n/gmu, ''));
  return [...(entry === 'index' ? [] : [imports]), ...own].join('\n');
}

/** Where the source of an entry is. */
function sourceOf(entry: string): string {
  return join(source, entry === 'index' ? 'index.ts' : `${entry}/index.ts`);
}

/** What `npm publish` reads, beside the scripts. */
const packageFiles: Plugin = {
  name: 'threelo-package-files',
  writeBundle: () => {
    const exported = entries.map((name): [string, object] => [
      name === 'index' ? '.' : `./${name}`,
      { types: `./${name}.d.ts`, default: `./${name}.js` },
    ]);
    const manifest = {
      name: project.name,
      version: project.version,
      description:
        'The client of the page API of Threelo, the browser extension for Atlassian. Not affiliated with Atlassian.',
      license: project.license,
      type: 'module',
      exports: Object.fromEntries(exported),
      files: ['*.js', '*.d.ts'],
      sideEffects: false,
    };
    writeFileSync(join(outDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const entry of entries)
      writeFileSync(join(outDir, `${entry}.d.ts`), declarationsOf(entry));
    copyFileSync(join(source, 'README.md'), join(outDir, 'README.md'));
    copyFileSync(join(root, 'LICENSE'), join(outDir, 'LICENSE'));
  },
};

/** Builds dist/page-client, the npm package of the page client. */
export default defineConfig({
  publicDir: false,
  plugins: [packageFiles],
  build: {
    outDir,
    emptyOutDir: true,
    // A page that uses it may be opened in any browser, to learn that Threelo is not there.
    target: 'es2022',
    minify: true,
    rolldownOptions: { output: { comments: false, minify: true } },
    lib: {
      entry: Object.fromEntries(entries.map((name) => [name, sourceOf(name)])),
      formats: ['es'],
    },
  },
});
