/*
 * Functions that run inside the page under test. They are sent as source text, so each is self-contained: no imports, no
 * module scope. They wait by observing the document, not by sleeping.
 */

/** A control as it is sent into the page. */
export interface WireControl {
  readonly name: string;
  /** Flags when the name is a regular expression, null when it is plain text. */
  readonly flags: string | null;
  readonly role: string | null;
  readonly within: string | null;
}

/** What to do with the control once it is found, besides saying where it is. */
export type LocatePurpose =
  'point' | 'see' | 'reach' | 'focus-field' | 'select' | 'mark-file-field';

export interface LocateRequest {
  readonly control: WireControl;
  readonly purpose: LocatePurpose;
  readonly option: string | null;
  readonly deadlineMs: number;
  /** Name of the data attribute that the control is to carry, so that a click can tell whether it hit it. */
  readonly mark?: string;
}

/** Viewport coordinates in CSS pixels, and the state of a checkbox, radio or switch. */
export interface Located {
  readonly x: number;
  readonly y: number;
  readonly checked: boolean | null;
}

/** Waits until exactly one control fits, is visible, enabled, at rest and uncovered; rejects with the reason at the deadline. */
export async function locateInPage(request: LocateRequest): Promise<Located> {
  const { control, purpose } = request;
  const SELECTOR =
    'a[href],button,input:not([type=hidden]),select,textarea,summary,[role],[tabindex],[contenteditable=""],[contenteditable=true]';
  const CONTAINERS = 'li,tr,article,section,fieldset,dialog,form,details,main,[role]';
  const normal = (text: string): string => text.replace(/\s+/g, ' ').trim();

  const everyRoot = (): ParentNode[] => {
    const roots: ParentNode[] = [document];
    for (const root of roots)
      for (const element of root.querySelectorAll('*'))
        if (element.shadowRoot) roots.push(element.shadowRoot);
    return roots;
  };
  const roleOf = (element: Element): string => {
    const explicit = element.getAttribute('role')?.split(' ')[0];
    if (explicit) return explicit;
    const tag = element.localName;
    const inputRoles: Record<string, string> = {
      checkbox: 'checkbox',
      radio: 'radio',
      button: 'button',
      submit: 'button',
      reset: 'button',
      search: 'searchbox',
      range: 'slider',
      number: 'spinbutton',
    };
    if (tag === 'input') return inputRoles[(element as HTMLInputElement).type] ?? 'textbox';
    const tagRoles: Record<string, string> = {
      a: 'link',
      button: 'button',
      summary: 'button',
      textarea: 'textbox',
      select: 'combobox',
    };
    return tagRoles[tag] ?? 'generic';
  };
  const textOf = (node: Node, except: Element | null): string => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
    if (
      !(node instanceof Element) ||
      node === except ||
      node.matches('script,style,[aria-hidden=true],[hidden]')
    )
      return '';
    if (node !== except && except && node.matches('select,textarea')) return '';
    const label =
      node.getAttribute('aria-label') ??
      (node.localName === 'img' ? node.getAttribute('alt') : null);
    if (label) return ` ${label} `;
    const inner = [...(node.shadowRoot ?? node).childNodes]
      .map((child) => textOf(child, except))
      .join('');
    return getComputedStyle(node).display.startsWith('inline') ? inner : ` ${inner} `;
  };
  const namesOf = (element: Element): string[] => {
    const root = element.getRootNode() as ParentNode;
    const labelledBy = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
    const referred = labelledBy
      .map((id) => root.querySelector(`#${CSS.escape(id)}`))
      .map((other) => (other ? textOf(other, null) : ''))
      .join(' ');
    if (normal(referred)) return [normal(referred)];
    const aria = element.getAttribute('aria-label');
    if (aria && normal(aria)) return [normal(aria)];
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) =>
      normal(textOf(label, element)),
    );
    if (labels.length > 0) return [...labels, normal(labels.join(' '))];
    if (element instanceof HTMLInputElement && ['button', 'submit', 'reset'].includes(element.type))
      return [normal(element.value)];
    if (element.matches('input,select,textarea'))
      return [normal(element.getAttribute('title') ?? element.getAttribute('placeholder') ?? '')];
    return [normal(textOf(element, null)) || normal(element.getAttribute('title') ?? '')];
  };
  const fitsName = (element: Element): boolean => {
    const names = namesOf(element);
    if (control.flags !== null)
      return names.some((name) => new RegExp(control.name, control.flags ?? '').test(name));
    return names.includes(normal(control.name));
  };
  const isVisible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return (
      box.width > 0 &&
      box.height > 0 &&
      element.checkVisibility({ visibilityProperty: true, opacityProperty: false })
    );
  };
  const isField = (element: Element): boolean =>
    element.matches(
      'input,select,textarea,[contenteditable],[role=textbox],[role=combobox],[role=searchbox]',
    );
  const isFileField = (element: Element): boolean =>
    element instanceof HTMLInputElement && element.type === 'file';
  const isWanted = (element: Element): boolean => {
    if (purpose === 'mark-file-field') return isFileField(element);
    if (purpose === 'focus-field')
      return (
        isField(element) &&
        // What is only shown, to be copied, may have the name of the field that it repeats.
        !element.matches('[readonly],[type=checkbox],[type=radio],[type=button],[type=submit]')
      );
    if (purpose === 'select') return element instanceof HTMLSelectElement;
    if (purpose === 'reach' && element.matches('[readonly]')) return false;
    return control.role === null
      ? roleOf(element) !== 'generic' || element.hasAttribute('tabindex')
      : true;
  };
  /* What is seen and clicked: the control itself, or the label of a control that a style sheet hides (a drawn switch). */
  const faceOf = (element: Element): Element | undefined => {
    if (purpose === 'mark-file-field' || isVisible(element)) return element;
    return [...((element as HTMLInputElement).labels ?? [])].find(isVisible);
  };
  const parentOf = (element: Element): Element | null => {
    const root = element.getRootNode();
    return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  };
  const distanceTo = (element: Element, within: string): number => {
    let steps = 0;
    for (let at: Element | null = element; at; at = parentOf(at)) {
      if (
        at !== element &&
        at.matches(CONTAINERS) &&
        normal(textOf(at, null)).toLowerCase().includes(normal(within).toLowerCase())
      )
        return steps;
      steps += 1;
    }
    return Infinity;
  };
  const candidates = (): Element[] => {
    const fits = everyRoot()
      .flatMap((root) => [...root.querySelectorAll(SELECTOR)])
      .filter(
        (element) =>
          isWanted(element) &&
          (control.role === null || roleOf(element) === control.role) &&
          fitsName(element) &&
          faceOf(element),
      );
    const outermost = fits.filter(
      (element) => !fits.some((other) => other !== element && other.contains(element)),
    );
    const within = control.within;
    if (within === null) return outermost;
    const ranked = outermost
      .map((element) => ({ element, steps: distanceTo(element, within) }))
      .filter(({ steps }) => steps < Infinity);
    const nearest = Math.min(...ranked.map(({ steps }) => steps));
    return ranked.filter(({ steps }) => steps === nearest).map(({ element }) => element);
  };
  const describe = (element: Element): string =>
    `<${element.localName}> "${namesOf(element)[0] ?? ''}"`;
  const isDisabled = (element: Element): boolean =>
    element.matches(':disabled') || element.closest('[aria-disabled=true],[inert]') !== null;

  /* One look at the page: the point to act on, or why there is none yet. */
  let last: { face: Element; left: number; top: number } | undefined;
  let revealed: Element | undefined;
  const look = (): Located | string => {
    const found = candidates();
    const [element] = found;
    if (!element) return 'there is none';
    if (found.length > 1)
      return `there are ${found.length}: ${found.slice(0, 5).map(describe).join(', ')}; say within which row`;
    const face = faceOf(element);
    if (!face) return 'it is not visible';
    const box0 = face.getBoundingClientRect();
    const checked =
      'checked' in element
        ? Boolean(element.checked)
        : element.hasAttribute('aria-checked')
          ? element.getAttribute('aria-checked') === 'true'
          : null;
    if (purpose === 'see') return { x: box0.left, y: box0.top, checked };
    if (isDisabled(element)) return 'it is disabled';
    if (purpose === 'reach' || purpose === 'mark-file-field') {
      const mark = `data-${request.mark ?? 'file-field-under-test'}`;
      for (const other of document.querySelectorAll(`[${mark}]`)) other.removeAttribute(mark);
      element.setAttribute(mark, '');
      return { x: 0, y: 0, checked };
    }
    const inView =
      box0.top >= 0 && box0.left >= 0 && box0.bottom <= innerHeight && box0.right <= innerWidth;
    if (!inView) face.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box =
      face.getClientRects().length > 1
        ? (face.getClientRects()[0] ?? face.getBoundingClientRect())
        : face.getBoundingClientRect();
    const isAtRest = last?.face === face && last.left === box.left && last.top === box.top;
    last = { face, left: box.left, top: box.top };
    if (!isAtRest) return 'it moves';
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit)
      hit = hit.shadowRoot.elementFromPoint(x, y);
    const isOurs =
      hit !== null &&
      (face.contains(hit) ||
        (hit.contains(face) && hit.localName === 'label') ||
        hit.closest('label')?.control === element);
    // In a list that scrolls, it may be below what stands after the list.
    if (!isOurs && revealed !== face) {
      revealed = face;
      face.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      return 'it moves';
    }
    if (!isOurs) return hit ? `it is covered by ${describe(hit)}` : 'it is outside the view';
    if (purpose === 'select') {
      const options = [...(element as HTMLSelectElement).options];
      const index = options.findIndex(
        (option) => normal(option.label || option.text) === normal(request.option ?? ''),
      );
      if (index < 0)
        return `it has no option "${request.option ?? ''}", only ${options.map((option) => `"${option.label}"`).join(', ')}`;
      return { x, y, checked };
    }
    const mark = `data-${request.mark ?? 'located-by-test'}`;
    document.querySelector(`[${mark}]:not(html)`)?.removeAttribute(mark);
    if (request.mark !== undefined) face.setAttribute(mark, '');
    return { x, y, checked };
  };

  return await new Promise<Located>((resolve, reject) => {
    let reason = '';
    let isScheduled = false;
    const nextFrame = (then: () => void): void => {
      if (document.visibilityState === 'visible') requestAnimationFrame(then);
      else setTimeout(then, 16); // a hidden page has no frames
    };
    const attempt = (): void => {
      isScheduled = false;
      let outcome: Located | string;
      try {
        outcome = look();
      } catch (error) {
        finish();
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (typeof outcome !== 'string') {
        finish();
        resolve(outcome);
        return;
      }
      reason = outcome;
      if (outcome === 'it moves') schedule();
    };
    const schedule = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      nextFrame(attempt);
    };
    const observer = new MutationObserver(schedule);
    const EVENTS = [
      'transitionend',
      'animationend',
      'load',
      'scroll',
      'resize',
      'input',
      'change',
      'toggle',
      'hashchange',
    ];
    const timer = setTimeout(() => {
      finish();
      const wanted = `${control.role ?? 'control'} "${control.name}"${control.within === null ? '' : ` within "${control.within}"`}`;
      reject(
        new Error(
          `waited ${request.deadlineMs} ms for ${wanted} at ${location.href}, but ${reason}. Text: ${normal(document.querySelector('body')?.innerText ?? '').slice(0, 600)}`,
        ),
      );
    }, request.deadlineMs);
    const finish = (): void => {
      observer.disconnect();
      clearTimeout(timer);
      for (const name of EVENTS) removeEventListener(name, schedule, true);
    };
    for (const root of everyRoot())
      observer.observe(root, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    for (const name of EVENTS) addEventListener(name, schedule, true);
    attempt();
  });
}
