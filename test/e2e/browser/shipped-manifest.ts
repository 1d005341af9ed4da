import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the harness must know of the build it drives, read from the build itself. */
export interface ShippedManifest {
  /** The key that opens the popup, as xdotool names it, such as `alt+shift+l`. */
  readonly popupShortcut: string;
  /** Path of the popup's page, without a slash at the start. */
  readonly popupPath: string;
  readonly geckoId: string | undefined;
}

/** Reads `manifest.json` of an unpacked build. */
export function readShippedManifest(buildDir: string): ShippedManifest {
  const manifest = JSON.parse(readFileSync(path.join(buildDir, 'manifest.json'), 'utf8')) as {
    action?: { default_popup?: string };
    commands?: Record<string, { suggested_key?: { default?: string; linux?: string } }>;
    browser_specific_settings?: { gecko?: { id?: string } };
  };
  const key = manifest.commands?.['_execute_action']?.suggested_key;
  const shortcut = key?.linux ?? key?.default;
  const popupPath = manifest.action?.default_popup;
  if (shortcut === undefined || popupPath === undefined)
    throw new Error(`${buildDir} has no popup, or no key for _execute_action`);
  return {
    popupShortcut: shortcut.toLowerCase(),
    popupPath: popupPath.replace(/^\//, ''),
    geckoId: manifest.browser_specific_settings?.gecko?.id,
  };
}
