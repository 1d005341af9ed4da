import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { findOnPath } from '../e2e/machine/find-binary.ts';

/** The pictures of `docs/tour.md` and of the README, by the names that they have there. */
const tour: Readonly<Record<string, string>> = {
  welcome: 'welcome-empty-light',
  client: 'client-usual-light',
  popup: 'popup-usual-light',
  'popup-dark': 'popup-usual-dark',
  connect: 'popup-change-usual-light',
  question: 'question-access-usual-light',
  'question-site': 'question-site-usual-light',
  session: 'session-usual-light',
  'connected-page': 'connected-page-usual-light',
  activity: 'activity-usual-light',
  console: 'console-call-usual-light',
  settings: 'settings-usual-light',
  transfer: 'transfer-usual-light',
  about: 'about-usual-light',
};

/** Writes those of the tour's pictures that were taken, with few colours, so that they are small. */
export function writeTour(folder: string): void {
  const target = path.resolve(import.meta.dirname, '../../docs/images/tour');
  const convert = findOnPath(['convert']);
  if (convert === undefined) throw new Error('convert (ImageMagick) is missing');
  mkdirSync(target, { recursive: true });
  for (const [name, picture] of Object.entries(tour)) {
    const source = path.join(folder, `${picture}.png`);
    if (!existsSync(source)) continue;
    const options = ['-strip', '-dither', 'None', '-colors', '128'];
    execFileSync(convert, [source, ...options, `PNG8:${path.join(target, `${name}.png`)}`]);
  }
}
