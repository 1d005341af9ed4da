import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes the bare chain as an unpacked extension for both browsers: page, content script, background and `fetch`, and no
 * check of anything. It is the least that a call through an extension can cost. Its popup is one word.
 * @param pages the match pattern of the pages that get it
 * @param hosts the match patterns of the hosts that it calls
 */
export function writeBareExtension(
  directory: string,
  { pages, hosts }: { pages: string; hosts: readonly string[] },
): string {
  mkdirSync(directory, { recursive: true });
  cpSync(path.join(import.meta.dirname, 'bare'), directory, { recursive: true });
  const script = { matches: [pages], run_at: 'document_start' };
  const manifest = {
    manifest_version: 3,
    name: 'Bare chain',
    version: '1.0',
    message_serialization: 'structured_clone',
    action: { default_popup: 'empty.html' },
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+K' } } },
    background: { service_worker: 'background.js', scripts: ['background.js'] },
    content_scripts: [
      { ...script, js: ['content.js'] },
      { ...script, js: ['page.js'], world: 'MAIN' },
    ],
    host_permissions: hosts,
    browser_specific_settings: {
      gecko: { id: 'bare@threelo.test', data_collection_permissions: { required: ['none'] } },
    },
  };
  writeFileSync(
    path.join(directory, 'empty.html'),
    '<!doctype html><title>Empty</title><p>Empty</p>',
  );
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
}
