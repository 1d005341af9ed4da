import { browser } from './api/browser.ts';

/** A red on which white digits have a contrast of 7.9 to 1, on light toolbars and on dark ones. */
const badgeColours = { background: '#a1251b', text: '#ffffff' } as const;

/** Shows a number on the toolbar button; 0 removes the badge. */
export async function setBadge(count: number): Promise<void> {
  await browser.action.setBadgeBackgroundColor({ color: badgeColours.background });
  await browser.action.setBadgeTextColor({ color: badgeColours.text });
  await browser.action.setBadgeText({ text: count === 0 ? '' : String(count) });
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

/** Calls the listener with the id of each notification that the person clicks. */
export function onNotificationClicked(listener: (id: string) => void): void {
  browser.notifications.onClicked.addListener(listener);
}
