import { browser } from './api/browser.ts';

/** A red on which white digits have a contrast of 7.9 to 1, on light toolbars and on dark ones. */
const badgeColours = { background: '#a1251b', text: '#ffffff' } as const;
/** A green on which the white mark has a contrast of 7.1 to 1. */
const markColour = '#1d6340';
/** What the badge shows in the tab of a connected page. */
const mark = '✓';

/** A document of a tab. */
export interface TabDocument {
  readonly tabId: number;
  readonly documentId: string;
}

/** Shows a number on the toolbar button, in every tab; 0 removes it, and the tabs that are marked show their mark. */
export async function setBadge(count: number): Promise<void> {
  const before = await shownCount();
  const text = count === 0 ? '' : String(count);
  await browser.action.setBadgeBackgroundColor({ color: badgeColours.background });
  await browser.action.setBadgeTextColor({ color: badgeColours.text });
  await browser.action.setBadgeText({ text });
  if ((before === '') === (text === '')) return;
  for (const { id: tabId } of await browser.tabs.query({}))
    if (tabId !== undefined && (await isMarked(tabId))) await showMark(tabId, text === '');
}

/**
 * Marks the toolbar button in the tab of a document, until the tab navigates: both browsers then forget what was set for it. The
 * title says why; the badge has the mark unless it shows a number. Without effect when the tab shows another document by now.
 */
export async function markTab(document: TabDocument, title: string): Promise<void> {
  const { tabId } = document;
  await browser.action.setTitle({ tabId, title });
  await showMark(tabId, (await shownCount()) === '');
  if (!(await isShown(document))) await unmarkTab(tabId);
}

/** Takes the mark away. */
export async function unmarkTab(tabId: number): Promise<void> {
  if (!(await isMarked(tabId))) return;
  await browser.action.setTitle({ tabId, title: await browser.action.getTitle({}) });
  await showMark(tabId, false);
}

function shownCount(): Promise<string> {
  return browser.action.getBadgeText({});
}

async function isMarked(tabId: number): Promise<boolean> {
  return (await browser.action.getTitle({ tabId })) !== (await browser.action.getTitle({}));
}

/** Shows the mark in a tab, or what is shown in every tab. */
async function showMark(tabId: number, isShownThere: boolean): Promise<void> {
  const color = isShownThere ? markColour : badgeColours.background;
  await browser.action.setBadgeBackgroundColor({ tabId, color });
  await browser.action.setBadgeTextColor({ tabId, color: badgeColours.text });
  await browser.action.setBadgeText({ tabId, text: isShownThere ? mark : null });
}

/** Whether a tab shows a document of a connected page. */
async function isShown({ tabId, documentId }: TabDocument): Promise<boolean> {
  const target = { tabId, documentIds: [documentId] };
  return browser.scripting.executeScript({ target, func: () => true }).then(
    () => true,
    () => false,
  );
}

/** Shows a notification; it replaces one of the same id. Fails silently on a desktop without notifications. */
export async function notify(id: string, title: string, message: string): Promise<void> {
  await browser.notifications
    .create(id, {
      type: 'basic',
      iconUrl: browser.runtime.getURL('icons/128.png'),
      title,
      message,
    })
    .catch(() => undefined);
}

/** Clears a notification, if it is shown. */
export async function withdrawNotification(id: string): Promise<void> {
  await browser.notifications.clear(id).catch(() => undefined);
}

/** Clears all notifications and the number on the toolbar button. */
export async function clearBadgeAndNotifications(): Promise<void> {
  const shown = await browser.notifications.getAll();
  await Promise.allSettled([setBadge(0), ...Object.keys(shown).map(withdrawNotification)]);
}

/** Calls the listener with the id of each notification that the person clicks. */
export function onNotificationClicked(listener: (id: string) => void): void {
  browser.notifications.onClicked.addListener(listener);
}
