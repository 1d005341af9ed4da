import type { PageUnderTest } from '../e2e/browser/browser-under-test.ts';
import type { Bench } from './setting.ts';
import { median, msText } from './statistics.ts';

/** How often each is measured. */
const times = 20;

/** The medians of what a person does in the list of sites, in milliseconds. */
export interface ListTimes {
  readonly keystroke: number;
  readonly tick: number;
}

/** Opens the panel that connects the page, and measures a keystroke in the filter and a tick in its list. */
export async function measureList({ browser, page }: Bench): Promise<ListTimes> {
  await page.bringToFront();
  const popup = await browser.openPopup();
  await popup.click('Change…');
  await popup.waitForControl({ role: 'searchbox', name: 'Filter sites' });
  const keystroke = median(await popup.evaluate(keystrokesMs, times));
  const tick = median(await popup.evaluate(ticksMs, times));
  await closePopup(popup);
  return { keystroke, tick };
}

async function closePopup(popup: PageUnderTest): Promise<void> {
  await popup.click('Back');
  await popup.close();
}

export const listText = ({ keystroke, tick }: ListTimes): string[] => [
  msText(keystroke),
  msText(tick),
];

/**
 * From the input event until the frame with the rows that match is painted. The last letter of a site's number is typed each time,
 * so that other rows match. Runs in the popup.
 */
async function keystrokesMs(count: number): Promise<number[]> {
  const field = document.querySelector<HTMLInputElement>('.site-list-head input[type=search]');
  if (field === null) throw new Error('the list has no filter');
  const painted = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve();
        };
        port2.postMessage(undefined);
      });
    });
  const isShown = (text: string): boolean => {
    const names = [...document.querySelectorAll('.site-row-name')];
    return names.length > 0 && names.every((name) => name.textContent.includes(text));
  };
  const shown = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isShown(text)) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(check);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      check();
    });
  const taken: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const text = `site-${String(at + 10)}`;
    // Not always at the same time after a frame.
    await new Promise((resolve) => setTimeout(resolve, 100 + ((at * 7) % 17)));
    const startMs = performance.now();
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
    await shown(text);
    await painted();
    taken.push(performance.now() - startMs);
  }
  return taken;
}

/** From a click on a check box until the frame in which the number of chosen sites has changed is painted. Runs in the popup. */
async function ticksMs(count: number): Promise<number[]> {
  const status = document.querySelector('.site-list-head [role=status]');
  if (status === null) throw new Error('the list says no number');
  const taken: number[] = [];
  for (let at = 0; at < count; at += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50 + ((at * 7) % 17)));
    const before = status.textContent;
    const box = [...document.querySelectorAll<HTMLInputElement>('.site-row input')].at(at % 5);
    const startMs = performance.now();
    box?.click();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (status.textContent === before) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(check);
      observer.observe(status, { subtree: true, childList: true, characterData: true });
      check();
    });
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve();
        };
        port2.postMessage(undefined);
      });
    });
    taken.push(performance.now() - startMs);
  }
  return taken;
}
