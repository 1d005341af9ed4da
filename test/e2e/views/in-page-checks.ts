/* What is looked at in a view, beside what axe does. Each function is self-contained and runs in the page. */

/** Parts of the view that a narrow window cuts off: it would have to be scrolled to the side. */
export function cutOffInPage(): string[] {
  const { clientWidth, scrollWidth } = document.documentElement;
  const problems = scrollWidth > clientWidth ? [`scrolls to the side: ${scrollWidth} px wide`] : [];
  const selector = 'a, button, input, select, textarea, summary, [tabindex]';
  for (const control of document.querySelectorAll(selector)) {
    const { left, right, width } = control.getBoundingClientRect();
    // One pixel wide is what is there for screen readers only.
    if (control.checkVisibility() && width > 1 && (left < -1 || right > clientWidth + 1)) {
      const { localName, id, className, textContent } = control;
      problems.push(`outside of ${clientWidth} px: ${localName}#${id}.${className} ${textContent}`);
    }
  }
  return problems;
}

/** Elements that would move, although the person asked for less motion. */
export function movingInPage(): string[] {
  const isLong = (durations: string): boolean =>
    durations.split(',').some((text) => {
      const value = parseFloat(text);
      return (text.trim().endsWith('ms') ? value / 1000 : value) > 0.01;
    });
  const problems = document.getAnimations().map((one) => `runs: ${one.constructor.name}`);
  for (const element of document.querySelectorAll('*')) {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
    const isMoving = animationName !== 'none' && isLong(animationDuration);
    if (isMoving || isLong(transitionDuration))
      problems.push(`can move: ${element.localName}.${element.className}`);
  }
  return problems;
}

/** What the focus is on, and whether that can be seen. */
export interface Focused {
  /** Its element and text; empty when nothing in the document has the focus. */
  readonly element: string;
  readonly isSeen: boolean;
}

/** How often Tab can be pressed before the focus leaves the document, counted from what has the focus now. */
export function tabsLeftInPage(): number {
  const selector = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const controls = [...document.querySelectorAll<HTMLInputElement>(selector)].filter(
    (control) => control.tabIndex >= 0 && !control.disabled && control.checkVisibility(),
  );
  const { activeElement } = document;
  const later = controls.filter(
    (control) =>
      activeElement === null ||
      (activeElement.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING) > 0,
  );
  // Of radio buttons with one name only one is reached.
  return new Set(later.map((control) => (control.type === 'radio' ? control.name : control))).size;
}

export function focusedInPage(): Focused {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return { element: '', isSeen: true };
  const hasOutline = (element: Element): boolean =>
    // Some draw it around an area that is larger than the element.
    [null, '::before', '::after'].some((part) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    });
  // Some draw it around the row or label that the element is in.
  const candidates = [focused, focused.parentElement, focused.parentElement?.parentElement];
  return {
    element: `${focused.localName}#${focused.id} ${focused.textContent}`,
    isSeen: candidates.some((element) => element != null && hasOutline(element)),
  };
}
