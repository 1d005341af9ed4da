import type { PageDriver } from '../browser/page-driver.ts';
import { withDeadline } from '../machine/deadline.ts';
import { callInPage } from './call-in-page.ts';

/** More keys than this to one control, and no person would find it. */
const MOST_KEYS = 120;
/** Turns round a control that the focus never enters: a checked radio beside it is one. */
const MOST_TURNS = 2;

/** The name of the data attribute, without `data-`, that the wanted control carries. */
export const reachMark = 'reach-under-test';

/** Where the focus is, and the key that brings it nearer to the marked control. */
interface FocusState {
  readonly next: 'there' | 'gone' | 'Tab' | 'Shift+Tab' | 'ArrowDown' | 'ArrowUp';
  /** What has the focus. */
  readonly at: string;
  readonly isOnBody: boolean;
  /** Tells one document from the next at the same place. */
  readonly document: string;
}

/** Moves the focus of one page with Tab, Shift+Tab and the arrow keys. */
export interface Reacher {
  /** Resolves once the control that `mark` finds and marks has the focus; rejects when the focus was lost, or cannot get there. */
  reach(mark: () => Promise<unknown>, control: string): Promise<void>;
}

/** Remembers in which document the focus was set already: from then on it may never fall to the body. */
export function reacher(driver: PageDriver): Reacher {
  let entered: string | undefined;
  const look = (): Promise<FocusState> =>
    withDeadline(callInPage(driver, focusStateInPage, [reachMark]), 'the page to tell its focus');
  return {
    async reach(mark, control) {
      await mark();
      let turns = 0;
      let last: FocusState['next'] | undefined;
      for (let keys = 0; keys < MOST_KEYS; keys += 1) {
        const state = await look();
        if (state.isOnBody && entered === state.document)
          throw new Error(`the focus fell to the body before ${control} was reached`);
        if (state.next === 'there') {
          entered = state.document;
          return;
        }
        if (state.next === 'gone') {
          await mark();
          continue;
        }
        if (last !== state.next && [last, state.next].every((key) => key?.endsWith('Tab')))
          turns += 1;
        if (turns > MOST_TURNS)
          throw new Error(`${control} is never reached by Tab; the focus is on ${state.at}`);
        last = state.next;
        const [key = '', ...modifiers] = state.next.split('+').reverse();
        await driver.press(key, modifiers as 'Shift'[]);
        if (!state.isOnBody) entered = state.document;
      }
      throw new Error(`${control} is not reached with ${String(MOST_KEYS)} keys`);
    },
  };
}

/** Runs in the page. */
function focusStateInPage(mark: string): FocusState {
  const target = document.querySelector<HTMLElement>(`[data-${mark}]`);
  const active = document.activeElement;
  const isOnBody =
    active === null || active === document.body || active === document.documentElement;
  const text = active?.getAttribute('aria-label') ?? active?.textContent.trim().slice(0, 60) ?? '';
  const state = (next: FocusState['next']): FocusState => ({
    next,
    at: isOnBody ? 'the body' : `<${active.localName}> "${text}"`,
    isOnBody,
    document: `${location.pathname} ${String(performance.timeOrigin)}`,
  });
  if (target === null) return state('gone');
  if (target === active) return state('there');
  if (isOnBody) return state('Tab');
  const isAfter = (active.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const isRadio = (element: Element): element is HTMLInputElement =>
    element instanceof HTMLInputElement && element.type === 'radio';
  const isSameGroup = isRadio(active) && isRadio(target) && active.name === target.name;
  // One row of a list has the Tab stop; from there the arrow keys go on.
  const isSameList = target.tabIndex < 0 && target.closest('ul,ol')?.contains(active) === true;
  if (isSameGroup || isSameList) return state(isAfter ? 'ArrowDown' : 'ArrowUp');
  return state(isAfter ? 'Tab' : 'Shift+Tab');
}
