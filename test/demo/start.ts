/** `npm start`: the main job in a real browser against the stand-in, and a dashboard to play with. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PageUnderTest } from '../e2e/browser/browser-under-test.ts';
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import type { Setting } from '../e2e/steps/steps.ts';
import { buildExtension } from '../tools/build.ts';
import { seconds } from '../tools/step.ts';
import { readArguments, type DemoArguments } from './arguments.ts';
import { openDemoSetting, ownDisplay } from './setting.ts';
import { openStepsLog, StepFailed, type StepsLog, type Told } from './steps-log.ts';
import { walkMainJob } from './walk.ts';

const pictures = path.resolve(import.meta.dirname, '../../test-results/demo');
/** Those that the documentation shows. The others are made by `npm run pictures -- tour`. */
const documented = ['dashboard'];

async function build(browser: DemoArguments['browser']): Promise<Told<undefined>> {
  const durationMs = await buildExtension(browser);
  return {
    value: undefined,
    words: `dist/${browser === 'firefox' ? browser : 'chrome'} in ${seconds(durationMs)}`,
  };
}

async function copyDocumented(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of documented)
    await copyFile(path.join(pictures, `${name}.png`), path.join(folder, `${name}.png`));
}

async function run({ browser, screenshots }: DemoArguments): Promise<void> {
  const log = openStepsLog();
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  ensureBrowsers();
  await log.step('build the extension', () => build(browser));
  const setting = await log.step(`start ${browser} and the stand-in for Atlassian`, async () => {
    const value = await openDemoSetting(browser);
    return { value, words: `extension ${value.browser.extensionOrigin}` };
  });
  try {
    const page = await walkSeen(setting, log);
    if (screenshots !== undefined) await copyDocumented(screenshots);
    console.log(`Screenshots of the steps: ${path.relative('', pictures)}`);
    if (ownDisplay() !== undefined) await leaveOpen(page);
  } finally {
    await setting.close();
  }
}

/** The walk; when it fails, a picture of the whole display is kept. */
async function walkSeen(setting: Setting, log: StepsLog): Promise<PageUnderTest> {
  try {
    return await walkMainJob({ setting, log, pictures, isWatched: ownDisplay() !== undefined });
  } catch (error) {
    const failure = path.join(pictures, 'failed.png');
    await setting.browser.screenshot(failure);
    console.log(`What the display showed: ${path.relative('', failure)}`);
    throw error;
  }
}

async function leaveOpen(page: PageUnderTest): Promise<void> {
  console.log(
    'The browser is yours now. Close the dashboard, or press Ctrl+C here, to end the demo.',
  );
  isOver = true;
  await page.waitForClosed(Infinity);
}

let isOver = false;
process.once('SIGINT', () => process.exit(isOver ? 0 : 130));
try {
  await run(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof StepFailed)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
