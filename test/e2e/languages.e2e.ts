import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPackage } from '../locales/shown-texts.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { builtPackage, openSetting, type Setting } from './steps/steps.ts';
import { fillStoreAs } from './views/fill-stores.ts';
import { brokenTextsInPage } from './views/in-page-texts.ts';
import { settledInPage } from './views/settled.ts';
import { openStage, showLanguage, type Stage } from './views/stage.ts';
import { views, type View } from './views/views.ts';

/** Such as `pseudo,de,ja`. Each takes half a minute, so only `npm run test:long` names them. */
const languages = (process.env['THREELO_LANGUAGES'] ?? '').split(',').filter(Boolean);

describe.runIf(languages.length > 0)('no text is cut, and none lies on another', () => {
  let packageDir = '';
  let setting: Setting;
  let stage: Stage;
  beforeAll(async () => {
    packageDir = copyPackage(builtPackage());
    setting = await openSetting({ buildDir: packageDir, firstRun: 'close' });
    stage = await openStage(setting);
    await fillStoreAs('problem', stage);
  });
  afterAll(async () => {
    await setting.close();
    rmSync(packageDir, { recursive: true });
  });

  // One is there with many sessions only.
  const looked = views.filter(({ name }) => name !== 'popup-sessions');
  test.each(languages)('in %s', async (language) => {
    stage = await showLanguage(stage, { packageDir, language });
    expect(await problemsOf(looked, stage)).toEqual([]);
  });
});

/** The narrowest window, one beside another, and an ordinary one. */
const widths = [400, 800, 1280];

async function problemsOf(looked: readonly View[], stage: Stage): Promise<string[]> {
  const problems: string[] = [];
  for (const view of looked) {
    const page = await view.open(stage);
    for (const problem of await problemsIn(page, view)) problems.push(`${view.name}: ${problem}`);
    await view.close(page, stage);
  }
  return problems;
}

/** The browser chooses the width of the popup. */
async function problemsIn(page: PageUnderTest, { kind }: View): Promise<string[]> {
  if (kind === 'popup') return page.evaluate(brokenTextsInPage);
  const problems: string[] = [];
  for (const width of widths) {
    await page.setViewport({ width, height: 800 });
    await page.evaluate(settledInPage);
    const found = await page.evaluate(brokenTextsInPage);
    problems.push(...found.map((problem) => `${String(width)} px: ${problem}`));
  }
  return problems;
}
