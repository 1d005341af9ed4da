import { browser } from './api/browser.ts';

/** Sets an alarm for a time in epoch ms; replaces one of the same name. Both browsers fire after 30 s at the earliest. */
export async function setAlarm(name: string, atMs: number): Promise<void> {
  await Promise.resolve(browser.alarms.create(name, { when: atMs }));
}

/** Clears an alarm, if it is set. */
export async function clearAlarm(name: string): Promise<void> {
  await browser.alarms.clear(name);
}

/** Clears all alarms. */
export async function clearAlarms(): Promise<void> {
  await browser.alarms.clearAll();
}

/** Calls the listener with the name of each alarm that fires. */
export function onAlarm(listener: (name: string) => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    listener(name);
  });
}
