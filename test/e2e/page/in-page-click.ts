/** Where a click is aimed at, in CSS pixels of the viewport. */
export interface AimedClick {
  readonly x: number;
  readonly y: number;
  /** Name of the data attribute that tells what came of it. */
  readonly mark: string;
}

/** The data attribute of the control that was found last, and of the document that tells what came of the click. */
export const clickMark = 'threelo-test-click';

/**
 * Prepares a document to tell whether a click hit what it was aimed at. A browser that is about to show a
 * window drops its input or resizes it once more, and a document that draws again moves the control, so that
 * a click misses. False when the marked control is not there any more. Self-contained; runs in the page.
 */
export function awaitClick({ x, y, mark }: AimedClick): boolean {
  const control = document.querySelector(`[data-${mark}]:not(html)`);
  const hit = document.elementFromPoint(x, y);
  const isAimed = control?.contains(hit) || hit?.closest('label')?.control === control;
  if (!control || !hit || !isAimed) return false;
  document.documentElement.setAttribute(`data-${mark}`, 'missed');
  // When the control moves to another list, it is another element with the same id.
  const now = () => (control.isConnected ? control : document.getElementById(control.id));
  const note = (event: Event): void => {
    if (event.target instanceof Node && (now()?.contains(event.target) || event.target === hit))
      document.documentElement.setAttribute(`data-${mark}`, 'hit');
  };
  addEventListener('click', note, { capture: true, once: true });
  return true;
}

/** Whether the click hit, or did so much that its document is gone. Runs in the page. */
export function wasHit(mark: string): boolean {
  return document.documentElement.getAttribute(`data-${mark}`) !== 'missed';
}
