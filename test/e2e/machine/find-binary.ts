import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Finds the first of `names` on the path; a name that is a path itself is taken as it is. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = names.flatMap((name) =>
    path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name)),
  );
  return candidates.find(isExecutable);
}

/** The Chromium to drive: what `THREELO_CHROMIUM` names, or the first one found. */
export function findChromium(): string | undefined {
  return findOnPath(
    named('THREELO_CHROMIUM') ?? [
      'chromium',
      'chromium-browser',
      'chrome-for-testing',
      '/usr/lib/chromium/chromium',
    ],
  );
}

/** The Firefox to drive: what `THREELO_FIREFOX` names, or the first one found. ESR, Developer Edition or Nightly: a release build installs no unsigned build. */
export function findFirefox(): string | undefined {
  return findOnPath(
    named('THREELO_FIREFOX') ?? [
      'firefox-esr',
      'firefox-developer-edition',
      'firefox-nightly',
      'firefox',
      '/usr/lib/firefox-esr/firefox-esr',
    ],
  );
}

function named(variable: string): string[] | undefined {
  const value = process.env[variable];
  return value ? [value] : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not ours to run: the next candidate may be
  }
}
