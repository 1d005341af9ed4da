import type { Control, PageUnderTest } from '../browser/browser-under-test.ts';

/** What a person did: controls that were activated, and fields that were typed into. */
export interface Effort {
  readonly clicks: number;
  readonly fields: number;
}

/** A person who has a keyboard alone, and counts: opening the popup is a click, as is every control but a field. */
export interface KeyboardPerson {
  /** Presses a button or follows a link, with Enter. */
  press(page: PageUnderTest, control: Control): Promise<void>;
  /** Checks a check box or a radio button; what is checked already is left. */
  choose(page: PageUnderTest, control: Control): Promise<void>;
  /** Chooses an option further down in a select field, by how its text begins. */
  select(page: PageUnderTest, label: string, option: string): Promise<void>;
  type(page: PageUnderTest, label: Control, text: string): Promise<void>;
  /** Counts something that is done in the browser's own windows. */
  count(): void;
  /** What was done since the last time. */
  effort(): Effort;
}

const mostOptions = 20;

/** Runs in the page. */
function isOptionChosen(text: string): boolean {
  const field = document.activeElement as HTMLSelectElement;
  return field.selectedOptions[0]?.label.startsWith(text) === true;
}

export function keyboardPerson(): KeyboardPerson {
  let [clicks, fields] = [0, 0];
  return {
    async press(page, control) {
      await page.reach(control);
      clicks += 1;
      await page.press('Enter');
    },
    async choose(page, control) {
      if ((await page.isChecked(control)) === true) return;
      await page.reach(control);
      clicks += 1;
      // The arrow keys that reached a radio button chose it.
      if ((await page.isChecked(control)) !== true) await page.press('Space');
    },
    async select(page, label, option) {
      await page.reach({ role: 'combobox', name: label });
      clicks += 1;
      for (let down = 0; !(await page.evaluate(isOptionChosen, option)); down += 1) {
        if (down > mostOptions) throw new Error(`${label} has no option ${option}`);
        await page.press('ArrowDown');
      }
    },
    async type(page, label, text) {
      await page.reach(label);
      fields += 1;
      await page.type(text);
    },
    count() {
      clicks += 1;
    },
    effort() {
      const done = { clicks, fields };
      [clicks, fields] = [0, 0];
      return done;
    },
  };
}
