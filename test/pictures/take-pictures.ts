import path from 'node:path';
import type { PageUnderTest, Preferences } from '../e2e/browser/browser-under-test.ts';
import { settledInPage } from '../e2e/views/settled.ts';
import type { Stage } from '../e2e/views/stage.ts';
import type { StoreName, View } from '../e2e/views/views.ts';

/** A picture that was taken, or was to be. */
export interface Taken {
  readonly name: string;
  /** Why there is none. */
  readonly problem?: string;
}

/** How a view is looked at. */
interface Look {
  readonly name: string;
  readonly preferences: Preferences;
  /** In CSS pixels; absent for the usual width. */
  readonly width?: number;
  readonly stores?: readonly StoreName[];
}

const light = { colorScheme: 'light' } as const;
const looks: readonly Look[] = [
  { name: 'light', preferences: light },
  { name: 'dark', preferences: { colorScheme: 'dark' } },
  {
    name: 'forced-colours',
    preferences: { ...light, areColorsForced: true },
    stores: ['usual', 'problem'],
  },
  { name: 'narrow', preferences: light, width: 400 },
  // A window of 1,280 pixels at 200 %.
  { name: 'zoomed', preferences: light, width: 640, stores: ['usual', 'names'] },
];
/** In another language than English what differs is how much room texts take. */
const translatedLooks: readonly Look[] = [400, 800, 1280].map((width) => ({
  name: String(width),
  preferences: light,
  width,
}));
const usualWidth = 1180;
/** As its window opens. */
const questionSize = { width: 420, height: 640 } as const;
const leastHeight = 700;
const greatestHeight = 2400;

interface Wanted {
  readonly store: StoreName;
  readonly views: readonly View[];
  readonly folder: string;
  readonly language: string;
}

/** Takes the pictures of all these views. */
export async function takePictures(
  stage: Stage,
  { store, views, folder, language }: Wanted,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const view of views) {
    const opened = await view.open(stage).catch((error: unknown) => String(error));
    if (typeof opened === 'string') {
      taken.push({ name: `${view.name}-${store}`, problem: opened });
      await stage.setting.browser.screenshot(path.join(folder, `failed-${view.name}-${store}.png`));
      continue;
    }
    for (const look of looksOf(view, store, language)) {
      const name = `${view.name}-${store}-${look.name}`;
      try {
        await takePicture(opened, view, look, path.join(folder, `${name}.png`));
        taken.push({ name });
      } catch (error) {
        taken.push({ name, problem: String(error) });
      }
    }
    await view.close(opened, stage);
  }
  return taken;
}

function looksOf({ kind }: View, store: StoreName, language: string): readonly Look[] {
  // The browser chooses the width of the popup, and the question's window opens narrow.
  const isOfOneWidth = kind !== 'page';
  if (language !== 'en')
    return isOfOneWidth ? [{ name: 'light', preferences: light }] : translatedLooks;
  return looks.filter(
    ({ width, stores }) =>
      (stores === undefined || stores.includes(store)) && (width === undefined || !isOfOneWidth),
  );
}

async function takePicture(
  page: PageUnderTest,
  { kind }: View,
  { preferences, width }: Look,
  file: string,
): Promise<void> {
  await page.emulate(preferences);
  if (kind === 'page') await showWhole(page, width ?? usualWidth);
  if (kind === 'question') await page.setViewport(questionSize);
  await page.evaluate(settledInPage);
  if (kind === 'question') await page.evaluate(waitForAllowInPage);
  await page.screenshot(file);
}

/** Waits until *Allow* accepts clicks, for two seconds at most: it does some time after the window opened or changed its size, once something is chosen. */
async function waitForAllowInPage(): Promise<void> {
  const isWaiting = (): boolean => document.querySelector('[aria-disabled="true"]') !== null;
  for (let frame = 0; frame < 120 && isWaiting(); frame++)
    await new Promise((next) => requestAnimationFrame(next));
}

/** Makes the viewport as high as the document, within limits. */
async function showWhole(page: PageUnderTest, width: number): Promise<void> {
  await page.setViewport({ width, height: leastHeight });
  const wanted = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(Math.max(wanted, leastHeight), greatestHeight);
  await page.setViewport({ width, height });
}
