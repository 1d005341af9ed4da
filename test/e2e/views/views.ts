import type { PageUnderTest } from '../browser/browser-under-test.ts';
import { settledInPage } from './settled.ts';
import type { Stage } from './stage.ts';

/** What a store can hold when views are looked at; see `fill-stores.ts`. */
export const storeNames = ['empty', 'usual', 'problem', 'names', 'many'] as const;
export type StoreName = (typeof storeNames)[number];

/** One view in one state, as a person comes to it. Pictures and accessibility tests go through all of them. */
export interface View {
  /** Names its pictures. */
  readonly name: string;
  /** `page` is in a tab, whose width can be chosen. */
  readonly kind: 'page' | 'popup' | 'question';
  /** The stores in which it exists. */
  readonly stores: readonly StoreName[];
  /** Opens it and waits until it shows everything. */
  readonly open: (stage: Stage) => Promise<PageUnderTest>;
  /** Ends it, so that the next view is as if this one had not been opened. */
  readonly close: (page: PageUnderTest, stage: Stage) => Promise<void>;
}

const notEmpty = storeNames.filter((name) => name !== 'empty');

/** Waits until the page has stopped to change. */
async function settled(page: PageUnderTest): Promise<PageUnderTest> {
  await page.evaluate(settledInPage);
  return page;
}

type Act = (page: PageUnderTest, text: Stage['text']) => Promise<void>;

/** Does something, if there is something to do, once the page has stopped to change, and waits again. */
async function settledAfter(
  page: PageUnderTest,
  act: Act | undefined,
  text: Stage['text'],
): Promise<PageUnderTest> {
  await settled(page);
  if (act === undefined) return page;
  await act(page, text);
  return settled(page);
}

/** Pages of the options in which nothing was done since they were loaded: from one view to the next their address is enough. */
const untouched = new WeakSet<PageUnderTest>();

/** A view of the options page. */
function section(
  name: string,
  hash: string,
  { act, stores = storeNames }: { act?: Act; stores?: readonly StoreName[] } = {},
): View {
  return {
    name,
    kind: 'page',
    stores,
    open: async ({ options, text }) => {
      await options.bringToFront();
      await options.evaluate((to) => location.replace(to), hash);
      // The page forgets what was open in it.
      if (!untouched.has(options)) await options.reload();
      if (act === undefined) untouched.add(options);
      else untouched.delete(options);
      return settledAfter(options, act, text);
    },
    close: () => Promise.resolve(),
  };
}

/** Sends a call to a site. */
async function sendInConsole(page: PageUnderTest, text: Stage['text']): Promise<void> {
  await page.fill({ role: 'combobox', name: text('console_site') }, 'acme jira');
  await page.waitForControl({ role: 'option', name: /Acme/u });
  await page.press('Enter');
  await page.fill({ role: 'combobox', name: text('console_path') }, '/rest/api/3/myself');
  await page.press('Control+Enter');
  await page.waitForText('GET /rest/api/3/myself');
}

interface PopupOptions {
  readonly act?: Act;
  readonly stores?: readonly StoreName[];
  /** What undoes `act`, where that outlives the popup. */
  readonly leave?: Act;
  /** The tab in front: the page that is connected, or another one. */
  readonly over?: 'page' | 'other';
}

/** The popup over one of the pages. */
function popup(
  name: string,
  { act, leave, stores = storeNames, over = 'page' }: PopupOptions = {},
): View {
  return {
    name,
    kind: 'popup',
    stores,
    open: async ({ setting: { browser }, [over]: page, text }) => {
      await page.bringToFront();
      return settledAfter(await browser.openPopup(), act, text);
    },
    close: async (opened, { text }) => {
      await leave?.(opened, text);
      await opened.close();
    },
  };
}

/** The window that asks what the connected page requested. */
function question(name: string, ask: (page: PageUnderTest) => Promise<void>): View {
  return {
    name,
    kind: 'question',
    stores: notEmpty,
    open: async ({ setting: { browser }, page, text }) => {
      await page.bringToFront();
      await ask(page);
      const window = await browser.waitForExtensionWindow('popup/ask.html');
      await window.waitForControl(text('deny'));
      return settled(window);
    },
    close: (window) => window.close(),
  };
}

/** All views, in the order of the contact sheet. */
export const views: readonly View[] = [
  section('welcome', '#/welcome', { stores: ['empty'] }),
  popup('popup'),
  popup('popup-elsewhere', { over: 'other', stores: ['usual'] }),
  popup('popup-change', {
    act: (page, text) => page.click(text('change_connection')),
    leave: (page, text) => page.click(text('back')),
    stores: notEmpty,
  }),
  popup('popup-sign-in', {
    act: (page, text) => page.click({ role: 'button', name: text('another_account') }),
    // What is open is kept for the next opening.
    leave: (page, text) => page.click({ role: 'button', name: text('another_account') }),
    stores: ['usual', 'names', 'many'],
  }),
  popup('popup-sessions', {
    over: 'other',
    act: (page) => page.click({ role: 'button', name: /sessions? ·/u }),
    leave: (page) => page.click({ role: 'button', name: /sessions? ·/u }),
    // A few are listed without a click.
    stores: ['many'],
  }),
  question('question-access', (page) =>
    page.evaluate(() => {
      window.threelo.requestAccess({ access: 'write' }).catch(() => undefined);
    }),
  ),
  question('question-site', (page) =>
    page.evaluate(() => {
      window.threelo.fetch('/rest/api/3/serverInfo').catch(() => undefined);
    }),
  ),
  section('clients', '#/clients'),
  section('clients-import', '#/clients', { act: (page, text) => page.click(text('import')) }),
  section('clients-delete', '#/clients', {
    act: (page, text) => page.click({ name: text('delete'), within: 'Team dashboards' }),
    stores: ['usual'],
  }),
  section('client-new', '#/clients/new', { stores: ['empty'] }),
  section('client', '#/clients', {
    act: (page, text) => page.click({ name: text('edit'), within: 'Team dashboards' }),
    stores: ['usual'],
  }),
  section('sessions', '#/sessions'),
  section('session', '#/sessions/00000000-0000-4000-8000-000000000001', {
    stores: ['usual', 'problem', 'names'],
  }),
  section('connected-pages', '#/connected-pages'),
  section(
    'connected-page',
    `#/connected-pages/${encodeURIComponent('https://dashboard.example')}`,
    {
      stores: ['usual', 'problem', 'names'],
    },
  ),
  section('activity', '#/activity'),
  section('console', '#/console', { stores: ['empty'] }),
  section('console-sites', '#/console', {
    act: (page, text) => page.fill({ role: 'combobox', name: text('console_site') }, 'a'),
    stores: ['problem', 'names', 'many'],
  }),
  section('console-call', '#/console', { act: sendInConsole, stores: ['usual'] }),
  section('settings', '#/settings', { stores: ['usual'] }),
  section('transfer', '#/transfer', { stores: ['usual'] }),
  section('about', '#/about', { stores: ['empty', 'usual', 'problem', 'many'] }),
  section('about-erase', '#/about', {
    act: (page, text) => page.click(text('erase_everything')),
    stores: ['usual'],
  }),
];
