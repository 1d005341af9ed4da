import { beforeEach, expect, test, vi } from 'vitest';

const defaults = { title: 'Threelo', text: '' };
/** What the browser holds for each tab. */
const tabs = new Map<number, { title?: string; text?: string | null; color?: string }>();
let isDocumentShown = true;
/** Of a tab, or of all. */
const of = (tabId: number | undefined): { title?: string; text?: string | null; color?: string } =>
  tabId === undefined ? defaults : (tabs.get(tabId) ?? {});
type Change = Readonly<{ tabId?: number; title?: string; text?: string | null; color?: string }>;
const set = ({ tabId, ...change }: Change): Promise<void> => {
  Object.assign(of(tabId), change);
  return Promise.resolve();
};
vi.mock('./api/browser.ts', () => ({
  browser: {
    action: {
      setTitle: set,
      setBadgeText: set,
      setBadgeBackgroundColor: set,
      setBadgeTextColor: () => Promise.resolve(),
      getTitle: ({ tabId }: Change) => Promise.resolve(of(tabId).title ?? defaults.title),
      getBadgeText: ({ tabId }: Change) => Promise.resolve(of(tabId).text ?? defaults.text),
    },
    tabs: { query: () => Promise.resolve([...tabs.keys()].map((id) => ({ id }))) },
    scripting: {
      executeScript: () =>
        isDocumentShown ? Promise.resolve([]) : Promise.reject(new Error('no such document')),
    },
  },
}));
const { markTab, setBadge, unmarkTab } = await import('./badge-and-notifications.ts');

const document = { tabId: 1, documentId: 'a' };
const badges = () => [1, 2].map((tabId) => of(tabId).text ?? defaults.text);
const colourOf = (tabId: number) => of(tabId).color;

beforeEach(() => {
  isDocumentShown = true;
  tabs.clear();
  tabs.set(1, {});
  tabs.set(2, {});
  Object.assign(defaults, { text: '' });
});

test('a connected tab is marked and others are not; the mark goes', async () => {
  await markTab(document, 'connected: read');
  expect([badges(), of(1).title, of(2).title]).toEqual([['✓', ''], 'connected: read', undefined]);
  await unmarkTab(1);
  expect([badges(), of(1).title]).toEqual([['', ''], 'Threelo']);
});

test('the count of sessions that need the person has precedence, and the mark comes back', async () => {
  await markTab(document, 'connected: read');
  const marked = colourOf(1);
  await setBadge(2);
  expect([badges(), of(1).title]).toEqual([['2', '2'], 'connected: read']);
  expect(colourOf(1)).toBe(colourOf(2) ?? (defaults as { color?: string }).color);
  await markTab({ ...document, tabId: 2 }, 'connected: read');
  expect(badges()).toEqual(['2', '2']);
  await setBadge(0);
  expect([badges(), colourOf(1)]).toEqual([['✓', '✓'], marked]);
});

test('a document that has left meanwhile leaves no mark', async () => {
  isDocumentShown = false;
  await markTab(document, 'connected: read');
  expect([badges(), of(1).title]).toEqual([['', ''], 'Threelo']);
});
