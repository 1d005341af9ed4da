/** Matches the innermost element with this text, also when names in it are elements of their own. */
export function wholeText(text: string): (content: string, element: Element | null) => boolean {
  return (_, element) =>
    element?.textContent === text &&
    [...element.children].every(({ textContent }) => textContent !== text);
}
