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
    setting = await openSetting({ buildDir: packageDir });
    stage = await openStage(setting);
  });
  afterAll(async () => {
    await setting?.close();
    rmSync(packageDir, { recursive: true });
  });

  const show = async (language: string): Promise<void> => {
    stage = await showLanguage(stage, { packageDir, language });
  };

  describe('after the installation', () => {
    const empty = views.filter(
      ({ stores }) => !stores.includes('problem') && stores.includes('empty'),
    );
    test.each(languages)('in %s', async (language) => {
      await show(language);
      expect(await problemsOf(empty, stage)).toEqual([]);
    });
  });

  describe('with clients, accounts and pages, and everything that can be wrong', () => {
    beforeAll(() => fillStoreAs('problem', stage));
    const filled = views.filter(
      ({ stores }) =>
        stores.includes('problem') || (stores.includes('usual') && !stores.includes('empty')),
    );
    test.each(languages)('in %s', async (language) => {
      await show(language);
      expect(await problemsOf(filled, stage)).toEqual([]);
    });
  });
});

/** The narrowest window, and an ordinary one. */
const widths = [400, 1180];

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
