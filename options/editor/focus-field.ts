import type { EditorField } from './editor-store.ts';

/** Focuses the field that prevents saving; opens the disclosure around it first. */
export function focusField(field: EditorField | undefined): void {
  if (field === undefined) return;
  const input = document.getElementById(`client-${field}`);
  input?.closest('details')?.setAttribute('open', '');
  input?.focus();
}
