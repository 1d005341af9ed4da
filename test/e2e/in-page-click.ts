/** Where a click is aimed at, in CSS pixels of the viewport. */
export interface AimedClick {
  readonly x: number;
  readonly y: number;
  /** Name of the data attribute that tells what came of it. */
  readonly mark: string;
}

/** The data attribute that tests leave in the auth window and in question windows. */
export const clickMark = 'threeloTestClick';

/**
 * Prepares a document to tell whether a click hit what it was aimed at. A browser that is about to show a
 * window drops its input or resizes it once more, so that a click misses. False when no control is there any
 * more. Self-contained; runs in the page.
 */
export function awaitClick({ x, y, mark }: AimedClick): boolean {
  const controls = 'a, button, input, select, textarea, label, summary, [role]';
  const aimedAt = document.elementFromPoint(x, y)?.closest(controls);
  if (!aimedAt) return false;
  document.documentElement.dataset[mark] = 'missed';
  const note = (event: Event): void => {
    if (event.composedPath().includes(aimedAt)) document.documentElement.dataset[mark] = 'hit';
  };
  addEventListener('click', note, { capture: true, once: true });
  return true;
}

/** Whether the click hit, or did so much that its document is gone. Runs in the page. */
export function wasHit(mark: string): boolean {
  return document.documentElement.dataset[mark] !== 'missed';
}
