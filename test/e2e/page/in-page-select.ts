/**
 * Chooses an option of the select field at a point of the viewport. The list itself is drawn by the operating system, out
 * of reach of any driver, so this does what every driver does: set it and fire the events a choice fires.
 */
export function selectInPage(x: number, y: number, option: string): void {
  let field: Element | null = document.elementFromPoint(x, y);
  while (field?.shadowRoot) field = field.shadowRoot.elementFromPoint(x, y);
  if (!(field instanceof HTMLSelectElement)) throw new Error(`no select field at ${x}, ${y}`);
  const wanted = [...field.options].find(
    (candidate) => (candidate.label || candidate.text).replace(/\s+/g, ' ').trim() === option,
  );
  if (!wanted || wanted.disabled) throw new Error(`the option "${option}" cannot be chosen`);
  field.focus();
  if (field.selectedIndex === wanted.index) return;
  field.selectedIndex = wanted.index;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}
