import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pollUntil } from '../machine/deadline.ts';

/** Chromium commits its preferences 10 s after the first change. */
const COMMIT_DEADLINE_MS = 20_000;
/** A file that was written this soon after a change may have been composed before it. */
const COMPOSING_MS = 500;

/** Waits until Chromium wrote its preferences after the instant given. */
export async function waitForSettingsOnDisk(
  profileDir: string,
  changedAtMs: number,
): Promise<void> {
  const file = path.join(profileDir, 'Default', 'Preferences');
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
