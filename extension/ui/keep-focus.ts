/** Where the focused element is: from itself up to the body, each with its place among its siblings. */
type Trail = readonly { readonly element: Element; readonly at: number }[];

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';
const headings = 'h1, h2, h3, h4, legend';
const regions = 'section, article, form, fieldset, li, main, [role="dialog"], body';
const lists = 'ul, ol, tbody, [role="list"], [role="listbox"]';

/**
 * Keeps the focus in a document: when the focused element is removed or disabled, e.g. because its row was deleted or its notice
 * dismissed, the browser moves the focus to the body, where a keyboard or a screen reader starts again at the top. Instead the
 * element that has its id by now gets it, otherwise the next item of the list, otherwise the heading of the region. A view that
 * moves the focus itself goes first.
 * @returns what ends it
 */
export function keepFocus(document: Document): () => void {
  let trail: Trail = [];
  /** What holds the focus for an element that is disabled, or for a view that has no heading yet. */
  let holder: Element | undefined;
  const remember = (): void => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body || focused === holder) return;
    holder = undefined;
    trail = trailOf(focused);
  };
  const give = (element: Element | undefined, isHolding: boolean): void => {
    if (element === undefined) return;
    holder = isHolding ? element : undefined;
    focus(element);
  };
  const check = (): void => {
    const lost = trail[0]?.element;
    const focused = document.activeElement;
    const isOff = lost?.matches(':disabled') === true;
    // In Chrome a disabled element loses the focus later, without an event.
    const isKept = focused !== document.body && focused !== holder && !(isOff && focused === lost);
    if (lost === undefined || isKept) {
      remember();
      return;
    }
    if (lost.isConnected) {
      if (!isOff && focused === holder) give(lost, false);
      else if (isOff && holder?.isConnected !== true) give(headingOf(lost), true);
      return;
    }
    const next = nextOf(trail);
    if (next === undefined) return;
    // A view that is still loading has no heading: what it will have is looked for again.
    const isHolding = !next.matches(`${focusable}, ${headings}`);
    give(next, isHolding);
    if (!isHolding) trail = trailOf(next);
  };
  const observer = new MutationObserver(check);
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
  /** The person clicked beside everything: they have left the element. */
  const leave = (): void => {
    if (document.activeElement === document.body) trail = [];
  };
  document.addEventListener('focusin', remember);
  document.addEventListener('mouseup', leave, true);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', remember);
    document.removeEventListener('mouseup', leave, true);
  };
}

function trailOf(focused: Element): Trail {
  const trail: { element: Element; at: number }[] = [];
  for (let element = focused, parent = element.parentElement; parent !== null;) {
    trail.push({ element, at: [...parent.children].indexOf(element) });
    [element, parent] = [parent, parent.parentElement];
  }
  return trail;
}

/** What gets the focus of an element that was removed. */
function nextOf(trail: Trail): Element | undefined {
  const [lost] = trail;
  const gone = trail.findLastIndex(({ element }) => !element.isConnected);
  const parent = trail[gone + 1]?.element;
  const top = trail[gone];
  if (lost === undefined || top === undefined || parent?.isConnected !== true) return undefined;
  return (
    document.getElementById(lost.element.id) ??
    (parent.matches(lists) ? itemAt(parent, top.at, lost.element) : undefined) ??
    headingOf(parent)
  );
}

/** The same control of the item that has taken a place in a list, or of the last item. */
function itemAt(list: Element, at: number, lost: Element): Element | undefined {
  const item = list.children[Math.min(at, list.children.length - 1)];
  if (item === undefined) return undefined;
  const controls = [...item.querySelectorAll(focusable)];
  return controls.find((one) => isAlike(one, lost)) ?? controls[0];
}

function isAlike(one: Element, other: Element): boolean {
  return one.localName === other.localName && one.textContent === other.textContent;
}

/** The heading of the nearest region around an element that has one, otherwise of the document, otherwise the region itself. */
function headingOf(element: Element): Element | undefined {
  const nearest = element.closest(regions) ?? element;
  for (let region: Element | null = nearest; region !== null; region = outer(region)) {
    const found = region.querySelector(headings);
    if (found !== null) return found;
  }
  return element.ownerDocument.querySelector('main') ?? undefined;
}

function outer(region: Element): Element | null {
  return region.parentElement?.closest(regions) ?? null;
}

function focus(element: Element): void {
  if (!(element instanceof HTMLElement)) return;
  if (!element.matches(focusable) && !element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus();
}
