import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { openSetting, type Setting } from './steps/steps.ts';
import { addAxe, violationsIn } from './views/axe.ts';
import { fillStoreAs } from './views/fill-stores.ts';
import {
  cutOffInPage,
  focusedInPage,
  movingInPage,
  tabsLeftInPage,
} from './views/in-page-checks.ts';
import { openStage, type Stage } from './views/stage.ts';
import { views, type View } from './views/views.ts';

let setting: Setting;
let stage: Stage;
beforeAll(async () => {
  setting = await openSetting({ firstRun: 'close' });
  stage = await openStage(setting);
});
afterAll(() => setting.close());

const usualSize = { width: 1180, height: 800 };
/** The narrowest window, and one of 1,280 pixels at 200 %. */
const narrowWidths = [400, 640];
/** How often Tab is pressed in each view at most. */
const mostTabs = 8;

/** What axe says in light and dark, and what moves although the person asked for less motion. */
async function documentProblems(page: PageUnderTest): Promise<string[]> {
  await addAxe(page);
  await page.emulate({ colorScheme: 'light', isMotionReduced: true });
  const inLight = [...(await page.evaluate(movingInPage)), ...(await violationsIn(page))];
  await page.emulate({ colorScheme: 'dark', isMotionReduced: true });
  // What has another colour has the same structure.
  const inDark = await violationsIn(page, ['color-contrast']);
  return [...inLight, ...inDark.map((problem) => `dark: ${problem}`)];
}

async function focusProblems(page: PageUnderTest): Promise<string[]> {
  const problems: string[] = [];
  const tabs = Math.min(mostTabs, await page.evaluate(tabsLeftInPage));
  for (let pressed = 0; pressed < tabs; pressed += 1) {
    await page.press('Tab');
    const { element, isSeen } = await page.evaluate(focusedInPage);
    if (!isSeen) problems.push(`has the focus, which cannot be seen: ${element}`);
  }
  return problems;
}

/** The browser chooses the width of the popup. */
async function widthProblems(page: PageUnderTest, { kind }: View): Promise<string[]> {
  if (kind === 'popup') return page.evaluate(cutOffInPage);
  const problems: string[] = [];
  for (const width of narrowWidths) {
    await page.setViewport({ ...usualSize, width });
    problems.push(...(await page.evaluate(cutOffInPage)));
  }
  await page.setViewport(usualSize);
  return problems;
}

async function problemsOf(view: View): Promise<string[]> {
  const page = await view.open(stage);
  const problems = [
    ...(await focusProblems(page)),
    ...(await documentProblems(page)),
    ...(await widthProblems(page, view)),
  ];
  await view.close(page, stage);
  return problems;
}

describe('after the installation', () => {
  test.each(views.filter(({ stores }) => stores.includes('empty')))('$name', async (view) => {
    expect(await problemsOf(view)).toEqual([]);
  });
});

describe('with clients, accounts and pages, and everything that can be wrong', () => {
  beforeAll(() => fillStoreAs('problem', stage));

  const filled = views.filter(
    ({ stores }) => stores.includes('problem') || stores.includes('usual'),
  );
  test.each(filled)('$name', async (view) => {
    expect(await problemsOf(view)).toEqual([]);
  });
});
