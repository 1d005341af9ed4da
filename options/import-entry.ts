import type { FieldProblem } from '../extension/core/fault.ts';
import type { ImportEntryView } from '../extension/wire/views.ts';

/** What keeps an entry of a preview from being saved; empty when it can be chosen. */
export function problemsOf(entry: ImportEntryView): readonly FieldProblem[] {
  return entry.kind === 'oauth2'
    ? entry.problems
    : [{ field: 'type', problem: 'type_unsupported' }];
}

/** Whether an entry can be chosen. */
export function isImportable(entry: ImportEntryView): boolean {
  return problemsOf(entry).length === 0;
}
