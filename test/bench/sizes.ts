import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageFolder, startScriptsOf } from '../tools/package-graph.ts';
import { table } from './statistics.ts';

const entries = {
  'content script': 'extension/content/content.js',
  'page API': 'extension/content/page-shim.js',
  background: 'service-worker-loader.js',
  popup: 'popup/index.html',
} as const;

/** Prints what each context of Chrome's package parses when it starts, gzip. */
export function printSizes(): void {
  const rows = Object.entries(entries).map(([name, entry]) => {
    const files = startScriptsOf('chrome', entry);
    const bytes = files.map(
      (file) => gzipSync(readFileSync(path.join(packageFolder('chrome'), file))).length,
    );
    return [name, `${(bytes.reduce((sum, one) => sum + one, 0) / 1000).toFixed(1)} kB`];
  });
  console.log(`\nScripts, gzip\n${table(rows)}`);
}
