import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pollUntil } from '../machine/deadline.ts';

/** Chromium commits its preferences 10 s after the first change. */
const COMMIT_DEADLINE_MS = 20_000;
/** A file that was written this soon after a change may have been composed before it. */
const COMPOSING_MS = 500;

/** A new profile. In it Chromium does not offer to translate pages in another language, which takes the focus from them. */
export async function newChromiumProfile(): Promise<string> {
  const profileDir = await mkdtemp(path.join(tmpdir(), 'threelo-chromium-'));
  const file = settingsFile(profileDir);
  await mkdir(path.dirname(file));
  await writeFile(file, JSON.stringify({ translate: { enabled: false } }));
  return profileDir;
}

function settingsFile(profileDir: string): string {
  return path.join(profileDir, 'Default', 'Preferences');
}

/** Waits until Chromium wrote its preferences after the instant given. */
export async function waitForSettingsOnDisk(
  profileDir: string,
  changedAtMs: number,
): Promise<void> {
  const file = settingsFile(profileDir);
  await pollUntil(
    async () => {
      const writtenAtMs = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ); // no file yet: nothing written
      return writtenAtMs > changedAtMs + COMPOSING_MS ? true : undefined;
    },
    'Chromium to write its preferences',
    COMMIT_DEADLINE_MS,
  );
}
