import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes an unpacked extension for both browsers that sends messages to others, see `helper.js`, and has the code of
 * `recipes/extension.js`.
 * @param name - what its content script answers to
 * @param pages - the match pattern of the pages that get it
 * @param keys - further keys of its manifest
 */
export function writeHelper(directory: string, name: string, pages: string, keys: object): string {
  mkdirSync(directory, { recursive: true });
  const sources = ['../recipes/extension.js', 'helper.js'].map((file) =>
    readFileSync(path.join(import.meta.dirname, file), 'utf8'),
  );
  writeFileSync(path.join(directory, 'helper.js'), sources.join('\n'));
  const manifest = {
    manifest_version: 3,
    name,
    version: '1.0',
    background: { service_worker: 'helper.js', scripts: ['helper.js'] },
    content_scripts: [{ matches: [pages], js: ['helper.js'] }],
    browser_specific_settings: {
      gecko: {
        id: `${name.toLowerCase()}@threelo.test`,
        data_collection_permissions: { required: ['none'] },
      },
    },
    ...keys,
  };
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
}
