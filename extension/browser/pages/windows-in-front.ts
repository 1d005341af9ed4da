import { staysInFront } from '#target/stays-in-front.ts';
import { browser } from '../api/browser.ts';

/**
 * Whether a window that stays in front of all others, such as the picture-in-picture of a page, is over this one: the browser shows
 * it there also when this one has the focus.
 */
export async function isWindowCovered(): Promise<boolean> {
  const [own, all] = await Promise.all([
    browser.windows.getCurrent(),
    browser.windows.getAll({ populate: true }),
  ]);
  return all.some((other) => other.id !== own.id && staysInFront(other) && isOver(other, own));
}

type Bounds = { [Side in 'left' | 'top' | 'width' | 'height']?: number | undefined };

/** What the browser does not say counts as over. */
function isOver(one: Bounds, other: Bounds): boolean {
  const isWithin = (start: 'left' | 'top', size: 'width' | 'height'): boolean =>
    !((one[start] ?? 0) + (one[size] ?? Infinity) <= (other[start] ?? 0)) &&
    !((other[start] ?? 0) + (other[size] ?? Infinity) <= (one[start] ?? 0));
  return isWithin('left', 'width') && isWithin('top', 'height');
}

/** Calls the listener when any window opens, closes, moves or changes its size. */
export function onWindowsChanged(listener: () => void): void {
  const changed = (): void => {
    listener();
  };
  // The types lack it; Firefox has none, and no such window that moves by itself.
  const { onCreated, onRemoved, onBoundsChanged } = browser.windows as typeof browser.windows & {
    readonly onBoundsChanged?: { addListener: (listener: () => void) => void };
  };
  onCreated.addListener(changed);
  onRemoved.addListener(changed);
  onBoundsChanged?.addListener(changed);
}
