import browser from 'webextension-polyfill';

/** A red on which white digits have a contrast of 7.9 to 1, on light toolbars and on dark ones. */
const badgeColours = { background: '#a1251b', text: '#ffffff' } as const;

/** Shows a number on the toolbar button; 0 takes it away. */
export async function setBadge(count: number): Promise<void> {
  await browser.action.setBadgeBackgroundColor({ color: badgeColours.background });
  await browser.action.setBadgeTextColor({ color: badgeColours.text });
  await browser.action.setBadgeText({ text: count === 0 ? '' : String(count) });
}

/** Shows a notification; one of the same id takes its place. A desktop without notifications shows nothing. */
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

/** Takes a notification away; one that is gone is fine. */
export async function withdrawNotification(id: string): Promise<void> {
  await browser.notifications.clear(id).catch(() => undefined);
}

/** Calls back with the id of each notification that the person clicks. */
export function onNotificationClicked(listener: (id: string) => void): void {
  browser.notifications.onClicked.addListener(listener);
}
