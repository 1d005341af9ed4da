import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { copyPackage, putLanguage } from '../locales/shown-texts.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { builtPackage, openSetting } from './steps/steps.ts';
import { fillStoreAs } from './views/fill-stores.ts';
import { brokenTextsInPage } from './views/in-page-texts.ts';
import { settledInPage } from './views/settled.ts';
import { openStage, type Stage } from './views/stage.ts';
import { views, type View } from './views/views.ts';

/** Such as `pseudo,de,ja`. Each takes a minute, so only `npm run test:long` names them. */
const languages = (process.env['THREELO_LANGUAGES'] ?? '').split(',').filter(Boolean);
// One is there with many sessions only.
const looked = views.filter(({ name }) => name !== 'popup-sessions');

describe.runIf(languages.length > 0)('no text is cut, and none lies on another', () => {
  test.each(languages)('in %s', async (language) => {
    const packageDir = copyPackage(builtPackage());
    putLanguage(packageDir, language);
    const setting = await openSetting({ buildDir: packageDir, firstRun: 'close' });
    try {
      const stage = await openStage(setting, language);
      await fillStoreAs('problem', stage);
      expect(await problemsOf(looked, stage)).toEqual([]);
    } finally {
      await setting.close();
      rmSync(packageDir, { recursive: true });
    }
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
