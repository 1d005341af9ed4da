import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite';
import {
  developmentManifest,
  firefoxManifest,
  releaseManifest,
  type Manifest,
} from './extension/manifest-for.ts';
import manifestSource from './manifest.json' with { type: 'json' };
import project from './package.json' with { type: 'json' };
import { licensesText, packageOfModule } from './test/packages/licenses.ts';

type Target = 'chrome' | 'firefox';

function targetOf(mode: string): Target {
  return mode.includes('firefox') ? 'firefox' : 'chrome';
}

const root = import.meta.dirname;
/** `package.json` alone says the version. */
const manifest = { version: project.version, ...manifestSource };
const worker = 'service-worker-loader.js';
const browsers = { chrome: 'chrome148', firefox: 'firefox153' } as const;

function targetAlias(target: Target): Record<string, string> {
  return { '#target': resolve(root, `extension/browser/${target}`) };
}

/** The packaged path of a script that the worker injects, e.g. `extension/content/content.js`. */
const scriptPaths: Plugin = {
  name: 'threelo-script-paths',
  enforce: 'pre',
  resolveId: (source, importer = '') =>
    source.endsWith('?script&iife') ? `\0${resolve(importer, '..', source)}` : undefined,
  load: (id) => {
    if (!id.endsWith('?script&iife')) return undefined;
    const path = relative(root, id.slice(1)).replace(/\.ts\?.*$/u, '.js');
    return `export default ${JSON.stringify(path)};`;
  },
};

/**
 * Builds the worker again, as one file. The build of all entries moves what worker and pages share into chunks: each start
 * of the worker then reads nine files, which also contain what only the pages use.
 */
async function bundleWorker(target: Target, outDir: string): Promise<void> {
  const config: InlineConfig = {
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: targetAlias(target) },
    plugins: [scriptPaths],
    build: {
      outDir,
      emptyOutDir: false,
      target: browsers[target],
      modulePreload: false,
      rolldownOptions: {
        input: 'background/main.ts',
        treeshake: { propertyReadSideEffects: false },
        output: { entryFileNames: worker, codeSplitting: false, comments: false },
      },
    },
  };
  await build(config);
}

/** The plugin bundles each page script twice: as the file that is injected, and as a chunk that is never loaded. */
function removeUnusedChunks(outDir: string): void {
  const assets = join(outDir, 'assets');
  const texts = new Map(
    readdirSync(outDir, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(js|html|json)$/u.test(file))
      .map((file) => [file, readFileSync(join(outDir, file), 'utf8')]),
  );
  const isNamed = (chunk: string): boolean =>
    [...texts].some(([file, text]) => !file.endsWith(chunk) && text.includes(chunk));
  // Removing one chunk can make another one unused, so repeat until none is removed.
  let unused: string[];
  do {
    unused = readdirSync(assets).filter((chunk) => chunk.endsWith('.js') && !isNamed(chunk));
    for (const chunk of unused) {
      rmSync(join(assets, chunk));
      texts.delete(join('assets', chunk));
    }
  } while (unused.length > 0);
}

/** Writes the licences of the packages whose code is in the build. */
const licenses: Plugin = {
  name: 'threelo-licenses',
  apply: 'build',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((part) =>
      part.type === 'chunk' ? Object.keys(part.modules) : [],
    );
    const names = modules.map(packageOfModule).filter((name) => name !== undefined);
    this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: licensesText(names) });
  },
};

/** The plugin makes the page scripts accessible to every site. The worker injects them, so they need not be. */
function strip(target: Target, outDir: string): Plugin {
  return {
    name: 'threelo-strip',
    apply: 'build',
    enforce: 'post',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler: async () => {
        const file = join(outDir, 'manifest.json');
        const built = releaseManifest(
          JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>,
        );
        writeFileSync(file, `${JSON.stringify(built, null, 2)}\n`);
        rmSync(join(outDir, '.vite'), { recursive: true, force: true });
        // Firefox needs no schema of the policy.
        if (target === 'firefox') rmSync(join(outDir, 'managed-schema.json'));
        await bundleWorker(target, outDir);
        removeUnusedChunks(outDir);
      },
    },
  };
}

/** The HTML pages contain the release's Content Security Policy, which does not allow hot reload. */
const relaxPages: Plugin = {
  name: 'threelo-relax-pages',
  apply: 'serve',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/u, ''),
  },
};

/** `vite build` builds dist/chrome, `vite build --mode firefox` dist/firefox; `vite` serves dist/dev-… with hot reload. */
export default defineConfig(({ command, mode }) => {
  const target = targetOf(mode);
  const own: Manifest = target === 'firefox' ? firefoxManifest(manifest) : manifest;
  const isServed = command === 'serve';
  // Another folder, so that a development build is never released.
  const outDir = isServed ? `dist/dev-${target}` : `dist/${target}`;
  return {
    resolve: { alias: targetAlias(target) },
    publicDir: 'extension/public',
    plugins: [
      preact({ devToolsEnabled: false, prefreshEnabled: true }),
      crx({
        manifest: (isServed ? developmentManifest(own) : own) as unknown as ManifestV3Export,
        browser: target,
      }),
      relaxPages,
      licenses,
      strip(target, outDir),
    ],
    server: {
      host: '127.0.0.1',
      port: 5173,
      strictPort: true,
      hmr: { host: '127.0.0.1', port: 5173 },
      cors: { origin: /^(chrome|moz)-extension:\/\// },
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: browsers[target],
      // Pages name all their scripts, so that the browser reads them at once. What is imported later needs none.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_file, dependencies, { hostType }) =>
          hostType === 'html' ? dependencies : [],
      },
      sourcemap: false,
      rolldownOptions: { input: { ask: 'popup/ask.html' } },
    },
  };
});
