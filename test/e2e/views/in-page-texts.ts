/**
 * Texts that are cut off, run out of their box, or lie on each other, and words that are broken. A name may be shortened: its whole is in the title or elsewhere.
 * What scrolls is not cut. Self-contained; runs in the page.
 */
export function brokenTextsInPage(): string[] {
  interface Shown {
    readonly node: Node;
    readonly element: Element;
    readonly text: string;
    readonly rects: readonly DOMRect[];
  }

  const problems = new Set<string>();
  const quoted = (text: string): string => `“${text.trim().replaceAll(/\s+/gu, ' ').slice(0, 80)}”`;

  /** The part of a rectangle that boxes around it do not hide. */
  const visiblePart = (element: Element, whole: DOMRect): DOMRect => {
    let { left, right, top, bottom } = whole;
    for (let box: Element | null = element; box !== null; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.display === 'inline' || style.overflowX === 'visible') continue;
      const around = box.getBoundingClientRect();
      left = Math.max(left, around.left);
      right = Math.min(right, around.right);
      top = Math.max(top, around.top);
      bottom = Math.min(bottom, around.bottom);
    }
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  };

  /** One pixel wide is what is there for screen readers only. */
  const isForScreenReaders = (element: Element): boolean => {
    for (let box: Element | null = element; box !== null; box = box.parentElement)
      if (getComputedStyle(box).clipPath === 'inset(50%)') return true;
    return false;
  };

  const shownTexts = (): Shown[] => {
    const found: Shown[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent ?? '';
      if (element === null || text.trim() === '') continue;
      if (!element.checkVisibility() || isForScreenReaders(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter(({ width }) => width > 1);
      if (rects.length > 0) found.push({ node, element, text, rects });
    }
    return found;
  };

  const isPainted = (style: CSSStyleDeclaration): boolean =>
    parseFloat(style.borderLeftWidth) > 0 || !/, 0\)$|^transparent$/u.test(style.backgroundColor);

  const isClamped = ({ webkitLineClamp }: CSSStyleDeclaration): boolean =>
    !/^(?:none)?$/u.test(webkitLineClamp);

  /** Whether both are in a box that shows its first lines only: Firefox places the others, which are not shown, on the last one. */
  const areClamped = (one: Element, other: Element): boolean => {
    for (let box: Element | null = one; box !== null; box = box.parentElement)
      if (box.contains(other) && isClamped(getComputedStyle(box))) return true;
    return false;
  };

  /** Ends in an ellipsis, which is meant for names and what stands beside them. */
  const isShortened = (element: Element, style: CSSStyleDeclaration): boolean =>
    isClamped(style) ||
    (style.textOverflow === 'ellipsis' && element.closest('bdi, [title]') !== null);

  const lookForCut = ({ element, text, rects }: Shown): void => {
    for (let box: Element | null = element; box !== null; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.display === 'inline' || style.display === 'contents') continue;
      if (/auto|scroll/u.test(style.overflowX + style.overflowY)) return;
      const isClipping = style.overflowX !== 'visible';
      if (isClipping && isShortened(element, style)) return;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      const isOut = (rect: DOMRect): boolean => rect.left < left - 1 || rect.right > right + 1;
      const isCut = (rect: DOMRect): boolean => rect.top < top - 4 || rect.bottom > bottom + 4;
      if ((isClipping || isPainted(style)) && rects.some(isOut))
        problems.add(`runs out of ${box.localName}.${box.className}: ${quoted(text)}`);
      if (isClipping && rects.some(isCut))
        problems.add(`is cut by ${box.localName}.${box.className}: ${quoted(text)}`);
    }
  };

  /** Whether one of two elements is on a layer of its own above the other, such as an open list. */
  const isLayered = (one: Element, other: Element): boolean => {
    const layerOf = (element: Element): Element | undefined => {
      for (let box: Element | null = element; box !== null; box = box.parentElement)
        if (/absolute|fixed|sticky/u.test(getComputedStyle(box).position)) return box;
      return undefined;
    };
    return layerOf(one) !== layerOf(other);
  };

  /** Words of the extension's texts that are continued in another line. A name, an address or code may be; Japanese has no spaces. */
  const lookForBroken = ({ node, element }: Shown): void => {
    if (element.closest('bdi, code, pre, [title]') !== null) return;
    for (const { 0: word, index } of (node.textContent ?? '').matchAll(
      /[^\s/\-·\u3000-\u303F\uFF00-\uFFEF]+/gu,
    )) {
      if (!/^[\p{Script=Latin}\p{M}\p{P}\p{Sm}]+$/u.test(word) || /[.:@_]\p{L}/u.test(word))
        continue;
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
      if (new Set(tops).size > 1) problems.add(`is broken: ${quoted(word)}`);
    }
  };

  const lookForOverlap = (texts: readonly Shown[]): void => {
    const lines = texts.flatMap(({ element, text, rects }) =>
      rects.map((rect) => ({ element, text, rect: visiblePart(element, rect) })),
    );
    lines.sort((one, other) => one.rect.top - other.rect.top);
    for (const [at, one] of lines.entries())
      for (const other of lines.slice(at + 1)) {
        if (other.rect.top >= one.rect.bottom) break;
        if (one.element === other.element) continue;
        const width =
          Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
        const height =
          Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
        // The boxes of lines are higher than their letters.
        const least = Math.min(one.rect.height, other.rect.height) * 0.4;
        const isOn = width > 1 && height > least;
        if (
          isOn &&
          !isLayered(one.element, other.element) &&
          !areClamped(one.element, other.element)
        )
          problems.add(`lie on each other: ${quoted(one.text)} and ${quoted(other.text)}`);
      }
  };

  /** The text of a closed list and of an empty field is in no text node that has a box. */
  const lookInFields = (): void => {
    const pen = document.createElement('canvas').getContext('2d');
    if (pen === null) throw new Error('no canvas');
    for (const field of document.querySelectorAll<HTMLSelectElement | HTMLInputElement>(
      'select, input[placeholder]',
    )) {
      if (!field.checkVisibility()) continue;
      const isSelect = field instanceof HTMLSelectElement;
      const text = isSelect ? (field.selectedOptions[0]?.text ?? '') : field.placeholder;
      const style = getComputedStyle(field);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const arrow = isSelect ? 16 : 0;
      const room =
        field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
      if (pen.measureText(text).width > room + 1)
        problems.add(`is cut by ${field.localName}#${field.id}: ${quoted(text)}`);
    }
  };

  // Where a text is that the browser has not laid out, because nobody sees it yet, Firefox does not know.
  for (const piece of document.querySelectorAll('pre')) piece.style.contentVisibility = 'visible';
  const texts = shownTexts();
  for (const text of texts) {
    lookForCut(text);
    lookForBroken(text);
  }
  lookForOverlap(texts);
  lookInFields();
  return [...problems];
}
