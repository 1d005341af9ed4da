import type { Bench } from './setting.ts';
import { median, msText } from './statistics.ts';

/** How often each is measured. */
const times = 20;

/** The medians of what a person does in the list of sites, in milliseconds. */
export interface ListTimes {
  readonly keystroke: number;
  readonly tick: number;
}

/** Opens the panel that connects the page, and measures a tick in its list and a keystroke in the filter. */
export async function measureList({ browser, page }: Bench): Promise<ListTimes> {
  await page.bringToFront();
  const popup = await browser.openPopup();
  await popup.click('Change…');
  await popup.waitForControl({ role: 'searchbox', name: 'Filter sites' });
  await popup.waitForText(/site-\d/u);
  const { keystrokes, ticks } = await popup.evaluate(listTimesMs, times);
  await popup.click('Back');
  await popup.close();
  return { keystroke: median(keystrokes), tick: median(ticks) };
}

export const listText = ({ keystroke, tick }: ListTimes): string[] => [
  msText(keystroke),
  msText(tick),
];

/**
 * Runs in the popup. Ticks come first, as a filter leaves few rows: from a click on a check box until the frame in which the number
 * of chosen sites has changed is painted. Keystrokes: from the input event until the frame with the rows that match is painted. The
 * last letter of a site's number is typed each time, so that other rows match.
 */
async function listTimesMs(
  count: number,
): Promise<{ readonly keystrokes: number[]; readonly ticks: number[] }> {
  const field = document.querySelector<HTMLInputElement>('.site-list-head input[type=search]');
  const status = document.querySelector('.site-list-head [role=status]');
  if (field === null || status === null) throw new Error('the list has no filter or no number');
  /** Not always at the same time after a frame. */
  const pause = (ms: number, at: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, ms + ((at * 7) % 17)));
  const msUntilPainted = async (act: () => void, isShown: () => boolean): Promise<number> => {
    const startMs = performance.now();
    act();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!isShown()) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(check);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
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
    return performance.now() - startMs;
  };
  const ticks: number[] = [];
  for (let at = 0; at < count; at += 1) {
    await pause(50, at);
    const before = status.textContent;
    const box = [...document.querySelectorAll<HTMLInputElement>('.site-row input')][at % 5];
    if (box === undefined) throw new Error('the list has fewer than five sites');
    ticks.push(
      await msUntilPainted(
        () => box.click(),
        () => status.textContent !== before,
      ),
    );
  }
  const keystrokes: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const text = `site-${String(at + 10)}`;
    await pause(100, at);
    keystrokes.push(
      await msUntilPainted(
        () => {
          field.value = text;
          field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
        },
        () => {
          const names = [...document.querySelectorAll('.site-row-name')];
          return names.length > 0 && names.every((name) => name.textContent.includes(text));
        },
      ),
    );
  }
  return { keystrokes, ticks };
}
