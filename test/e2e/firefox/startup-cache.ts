import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDisplay } from '../machine/display.ts';
import { findFirefox } from '../machine/find-binary.ts';
import { quitFirefox, startFirefox } from './firefox-connection.ts';
import { writePreferences } from './firefox-profile.ts';

/**
 * What Firefox compiled of its own code when it was started before, and the version that did it: Firefox drops the one if the other
 * differs. With them a new profile starts with less processor time. They hold nothing of an extension.
 */
const parts = ['startupCache', 'compatibility.ini'];
const directory = path.join(import.meta.dirname, '../../../.cache/firefox-startup');

/** Gives a new profile the startup cache, if there is one. */
export function copyStartupCache(profileDir: string): void {
  if (!existsSync(directory) || existsSync(path.join(profileDir, 'compatibility.ini'))) return;
  cpSync(directory, profileDir, { recursive: true });
}

/** Starts Firefox on an empty profile without an extension, quits it, and keeps its startup cache. */
async function makeStartupCache(): Promise<void> {
  const binary = findFirefox();
  if (binary === undefined) return;
  const profileDir = mkdtempSync(path.join(tmpdir(), 'threelo-firefox-'));
  const display = await openDisplay();
  try {
    writePreferences(profileDir, {});
    const firefox = await startFirefox(binary, profileDir, display);
    await firefox.bidi.send('browsingContext.create', { type: 'window' });
    await quitFirefox(firefox);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    for (const part of parts)
      cpSync(path.join(profileDir, part), path.join(directory, part), { recursive: true });
  } finally {
    await display.close();
    rmSync(profileDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (import.meta.main) await makeStartupCache();
