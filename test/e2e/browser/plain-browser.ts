import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes an extension that does nothing and may do nothing: a browser with it is what a page sees of a clean profile. */
export function writeIdleExtension(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const manifest = {
    manifest_version: 3,
    name: 'Idle',
    version: '1.0',
    action: { default_popup: 'idle.html' },
    background: { service_worker: 'idle.js', scripts: ['idle.js'] },
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+L' } } },
    browser_specific_settings: {
      gecko: { id: 'idle@threelo.test', data_collection_permissions: { required: ['none'] } },
    },
  };
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(path.join(directory, 'idle.html'), '<!doctype html><title>Idle</title>');
  writeFileSync(path.join(directory, 'idle.js'), '');
  return directory;
}
