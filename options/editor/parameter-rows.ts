import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientDraft } from '../../extension/core/client/client-configuration.ts';

/** The members of a configuration that hold parameters: one per phase. */
export const parameterMembers = ['authorizationParameters', 'tokenParameters'] as const;
/** See {@link parameterMembers}. */
export type ParameterMember = (typeof parameterMembers)[number];

/** One parameter as it is typed; it may have no name yet, or that of another one. */
export interface ParameterRow {
  /** Unique in the form, and the same as long as the row is there. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** The extra parameters of one phase, as rows. */
export interface ParameterRows {
  readonly rows: ReadonlySignal<readonly ParameterRow[]>;
  /** Whether two rows have one name, so that one of them would be lost. */
  readonly isRepeated: ReadonlySignal<boolean>;
  readonly add: () => void;
  readonly change: (key: number, part: Partial<Pick<ParameterRow, 'name' | 'value'>>) => void;
  readonly remove: (key: number) => void;
}

/** See {@link ParameterRows}. */
export function createParameterRows(
  draft: Signal<ClientDraft>,
  member: ParameterMember,
): ParameterRows {
  let lastKey = 0;
  const row = (name: string, value: string): ParameterRow => ({ key: ++lastKey, name, value });
  const rows = signal<readonly ParameterRow[]>(
    Object.entries(draft.peek()[member] ?? {}).map(([name, value]) => row(name, value)),
  );

  function take(next: readonly ParameterRow[]): void {
    rows.value = next;
    const said = next.filter(({ name, value }) => name.trim() !== '' || value !== '');
    const parameters = said.map(({ name, value }): [string, string] => [name.trim(), value]);
    draft.value = { ...draft.value, [member]: Object.fromEntries<string>(parameters) };
  }

  return {
    rows,
    isRepeated: computed(() => {
      const names = rows.value.map(({ name }) => name.trim()).filter((name) => name !== '');
      return new Set(names).size < names.length;
    }),
    add: () => {
      rows.value = [...rows.value, row('', '')];
    },
    change: (key, part) => {
      take(rows.value.map((each) => (each.key === key ? { ...each, ...part } : each)));
    },
    remove: (key) => {
      take(rows.value.filter((each) => each.key !== key));
    },
  };
}
