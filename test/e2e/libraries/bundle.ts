import { resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** The client libraries with a recipe in `docs/page-api.md`, each in the file of this folder with its name. */
const libraries = [
  'axios',
  'confluence-js',
  'jira-js-5',
  'jira-js-6',
  'ky',
  'ofetch',
  'openapi-fetch',
] as const;
export type Library = (typeof libraries)[number];

/** The page client, as it is published. */
const pageClient = resolve(import.meta.dirname, '../../../dist/page-client/index.js');

/** Leaves the modules of Node out that jira.js 5 imports and does not need in a page, as production builds do. */
const withoutNode: Plugin = {
  name: 'without-node',
  enforce: 'pre',
  resolveId: (id) => (/^(?:node:|path$)/u.test(id) ? '\0without-node' : undefined),
  load: (id) => (id === '\0without-node' ? 'export default {}' : undefined),
};

/** Builds a module for each library; resolves to the files by name, `axios.js` and so on. */
export async function bundleLibraries(): Promise<ReadonlyMap<string, string>> {
  const entry = Object.fromEntries(
    libraries.map((name) => [name, resolve(import.meta.dirname, `${name}.js`)]),
  );
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [withoutNode],
    resolve: { alias: { threelo: pageClient } },
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  });
  const files = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  return new Map(
    files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])),
  );
}

/** A page that loads the module of one library, and has its calls as `window.calls`. */
export function libraryPage(library: Library): string {
  return `<!doctype html><title>${library}</title>
<script type="module">import { calls } from '/${library}.js'; window.calls = calls;</script>`;
}
