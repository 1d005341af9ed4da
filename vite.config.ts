import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import {
  developmentManifest,
  firefoxManifest,
  releaseManifest,
  type Manifest,
} from './extension/manifest-for.ts';
import manifest from './manifest.json' with { type: 'json' };

type Target = 'chrome' | 'firefox';

function targetOf(mode: string): Target {
  return mode.includes('firefox') ? 'firefox' : 'chrome';
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

/** The plugin makes the page scripts accessible to every site. The worker injects them, so they need not be. */
function strip(outDir: string): Plugin {
  return {
    name: 'threelo-strip',
    apply: 'build',
    enforce: 'post',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler: () => {
        const file = join(outDir, 'manifest.json');
        const built = releaseManifest(
          JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>,
        );
        writeFileSync(file, `${JSON.stringify(built, null, 2)}\n`);
        rmSync(join(outDir, '.vite'), { recursive: true, force: true });
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
    resolve: { alias: { '#target': resolve(import.meta.dirname, `extension/browser/${target}`) } },
    publicDir: 'extension/public',
    plugins: [
      preact({ devToolsEnabled: false, prefreshEnabled: true }),
      crx({
        manifest: (isServed ? developmentManifest(own) : own) as unknown as ManifestV3Export,
        browser: target,
      }),
      relaxPages,
      strip(outDir),
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
      target: target === 'firefox' ? 'firefox153' : 'chrome148',
      modulePreload: false,
      sourcemap: false,
      rolldownOptions: { input: { ask: 'popup/ask.html' } },
    },
  };
});
