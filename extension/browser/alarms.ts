import browser from 'webextension-polyfill';

/** Lets the browser wake the background at a time; an alarm of the same name is replaced. Both browsers round up to 30 s. */
export async function setAlarm(name: string, atMs: number): Promise<void> {
  await Promise.resolve(browser.alarms.create(name, { when: atMs }));
}

/** Takes an alarm back; one that is not set is fine. */
export async function clearAlarm(name: string): Promise<void> {
  await browser.alarms.clear(name);
}

/** Calls back with the name of each alarm that is due. */
export function onAlarm(listener: (name: string) => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    listener(name);
  });
}
