import type { Control, ControlDescription, PageUnderTest } from '../browser/browser-under-test.ts';
import { MODIFIERS, type Modifier, type PageDriver } from '../browser/page-driver.ts';
import { DEFAULT_DEADLINE_MS, withDeadline } from '../machine/deadline.ts';
import { callInPage, waitInPage } from './call-in-page.ts';
import { awaitClick, clickMark, wasHit } from './in-page-click.ts';
import { selectInPage } from './in-page-select.ts';
import { waitForTextInPage, type TextRequest } from './in-page-text.ts';
import {
  locateInPage,
  type Located,
  type LocatePurpose,
  type LocateRequest,
  type WireControl,
} from './in-page.ts';
import { reacher, reachMark } from './reach.ts';

/** How long a function that a test runs in a page may take. */
const ANSWER_DEADLINE_MS = 60_000;
/** How long an address may take to load. */
const LOAD_DEADLINE_MS = 30_000;

/** Everything a person does with a page, on top of what the browser at hand can do. */
export function pageUnderTest(driver: PageDriver): PageUnderTest {
  const call = <Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> =>
    withDeadline(
      callInPage(driver, fn, args),
      `the page to answer ${opening(fn)}`,
      ANSWER_DEADLINE_MS,
    );

  const wait = <Request extends { readonly deadlineMs: number }, Result>(
    fn: (request: Request) => Promise<Result>,
    request: Request,
    awaited: string,
  ): Promise<Result> =>
    waitInPage(
      driver,
      fn,
      (deadlineMs) => ({ ...request, deadlineMs }),
      awaited,
      request.deadlineMs,
    );

  const locate = (
    control: Control,
    purpose: LocatePurpose,
    option: string | null = null,
    deadlineMs = DEFAULT_DEADLINE_MS,
    mark?: string,
  ): Promise<Located> => {
    const request: LocateRequest = {
      control: toWire(control),
      purpose,
      option,
      deadlineMs,
      ...(mark === undefined ? {} : { mark }),
    };
    return wait(locateInPage, request, describe(control));
  };

  /* A document that does not answer twice was closed or replaced by the click. */
  const hasHit = (): Promise<boolean> =>
    call(wasHit, clickMark).catch(() => call(wasHit, clickMark).catch(() => true));

  /* Clicks again only while the document proves that the click missed: its window was still being shown. */
  const clickInNewWindow = async (control: Control, purpose: LocatePurpose): Promise<void> => {
    const endsAtMs = Date.now() + DEFAULT_DEADLINE_MS;
    while (Date.now() < endsAtMs) {
      const { x, y } = await locate(control, purpose, null, DEFAULT_DEADLINE_MS, clickMark);
      if (!(await call(awaitClick, { x, y, mark: clickMark }))) continue;
      await driver.clickAt(x, y);
      if (driver.isGone() || (await hasHit())) return;
    }
    throw new Error(`${describe(control)} could not be clicked`);
  };

  const clickControl = async (control: Control, purpose: LocatePurpose): Promise<void> => {
    if (driver.kind === 'tab') await showIfHidden(driver);
    if (driver.kind !== 'tab') return clickInNewWindow(control, purpose);
    const { x, y } = await locate(control, purpose);
    await driver.clickAt(x, y);
  };

  const setChecked = async (label: Control, isChecked: boolean): Promise<void> => {
    const { checked } = await locate(label, 'see');
    if (checked === null) throw new Error(`${describe(label)} is no checkbox, radio or switch`);
    if (checked !== isChecked) await clickControl(label, 'point');
  };

  const waitForSubject =
    (of: 'text' | 'url', isWanted: boolean) =>
    async (text: string | RegExp, deadlineMs = DEFAULT_DEADLINE_MS): Promise<void> => {
      const request: TextRequest = { ...patternOf(text), isWanted, of, deadlineMs };
      await wait(
        waitForTextInPage,
        request,
        `${isWanted ? '' : 'the end of '}${of} ${String(text)}`,
      );
    };

  const { reach } = reacher(driver);
  return {
    click: (control) => clickControl(control, 'point'),
    async reach(control) {
      if (driver.kind === 'tab') await showIfHidden(driver);
      const mark = (): Promise<Located> =>
        locate(control, 'reach', null, DEFAULT_DEADLINE_MS, reachMark);
      await reach(mark, describe(control));
    },
    async type(text) {
      await driver.press('a', ['Control']);
      await driver.type(text);
    },
    isChecked: async (control) => (await locate(control, 'see')).checked,
    async fill(label, text) {
      await clickControl(label, 'focus-field');
      await driver.press('a', ['Control']);
      if (text === '') await driver.press('Backspace', []);
      else await driver.type(text);
    },
    check: (label) => setChecked(label, true),
    uncheck: (label) => setChecked(label, false),
    async select(label, option) {
      const { x, y } = await locate(label, 'select', option);
      await call(selectInPage, x, y, option);
    },
    async setFiles(label, files) {
      await locate(label, 'mark-file-field');
      await driver.setMarkedFiles('[data-file-field-under-test]', files);
    },
    async press(key) {
      const { name, modifiers } = parseKey(key);
      await driver.press(name, modifiers);
    },
    waitForText: waitForSubject('text', true),
    waitForNoText: waitForSubject('text', false),
    waitForUrl: waitForSubject('url', true),
    async waitForControl(control, deadlineMs) {
      await locate(control, 'see', null, deadlineMs);
    },
    text: () => call(() => document.querySelector('body')?.innerText ?? ''),
    evaluate: call,
    async run(script) {
      await withDeadline(
        driver.evaluate(`(async () => { ${script}\n })()`),
        'a script to run',
        ANSWER_DEADLINE_MS,
      );
    },
    goto: (url) => withDeadline(driver.goto(url), `${url} to load`, LOAD_DEADLINE_MS),
    reload: () => withDeadline(driver.reload(), 'the page to load again', LOAD_DEADLINE_MS),
    bringToFront: () =>
      withDeadline(driver.bringToFront(), 'the page to come to the front', 20_000),
    setViewport: (size) => withDeadline(driver.setViewport(size), 'the viewport to be set'),
    emulate: (preferences) =>
      withDeadline(driver.emulate(preferences), 'the preferences to be set'),
    screenshot: (file) => driver.screenshot(file),
    url: () => call(() => location.href),
    close: () => withDeadline(driver.close(), 'the page to be closed', LOAD_DEADLINE_MS),
    waitForClosed: (deadlineMs) => withDeadline(driver.gone, 'the page to close', deadlineMs),
  };
}

/** The page, once its document is loaded: a browser lists a new tab by the address that it still has to load. */
export async function loaded(driver: PageDriver, url: string | RegExp): Promise<PageUnderTest> {
  const page = pageUnderTest(driver);
  await page.waitForUrl(url);
  return page;
}

/** How a function begins, to tell it from others in a message. */
function opening(fn: (...args: never) => unknown): string {
  return `"${fn.toString().replaceAll(/\s+/g, ' ').slice(0, 120)}"`;
}

async function showIfHidden(driver: PageDriver): Promise<void> {
  const isHidden = await callInPage(driver, () => document.visibilityState === 'hidden', []);
  if (isHidden) await driver.bringToFront();
}

function toWire(control: Control): WireControl {
  const description: ControlDescription = typeof control === 'string' ? { name: control } : control;
  const { text, flags } = patternOf(description.name);
  return { name: text, flags, role: description.role ?? null, within: description.within ?? null };
}

function patternOf(text: string | RegExp): { text: string; flags: string | null } {
  return typeof text === 'string'
    ? { text, flags: null }
    : { text: text.source, flags: text.flags };
}

function describe(control: Control): string {
  if (typeof control === 'string') return `control "${control}"`;
  return `${control.role ?? 'control'} "${String(control.name)}"${control.within === undefined ? '' : ` within "${control.within}"`}`;
}

/** True when an address contains the text or matches the expression. */
export function isFitting(url: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? url.includes(wanted) : wanted.test(url);
}

function parseKey(key: string): { name: string; modifiers: Modifier[] } {
  const parts = key === '+' ? ['+'] : key.split('+');
  const modifiers = parts.slice(0, -1).map((part) => {
    const modifier = MODIFIERS.find((known) => known === part);
    if (modifier === undefined) throw new Error(`no such modifier: ${part} in ${key}`);
    return modifier;
  });
  return { name: parts.at(-1) ?? key, modifiers };
}
