import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientDraft } from '#core/client/client-configuration.ts';

/** The members of a configuration with extra parameters, one for each phase, and with headers. */
export const parameterMembers = [
  'authorizationParameters',
  'tokenParameters',
  'requestHeaders',
] as const;
export type ParameterMember = (typeof parameterMembers)[number];

/** One parameter as typed; its name can be empty or repeated. */
export interface ParameterRow {
  /** Unique in the form, and stable for the life of the row. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** The extra parameters of one phase, as rows. */
export interface ParameterRows {
  readonly rows: ReadonlySignal<readonly ParameterRow[]>;
  /** Whether two rows have the same name, so that one of them would be lost. */
  readonly isRepeated: ReadonlySignal<boolean>;
  readonly add: () => void;
  readonly change: (key: number, part: Partial<Pick<ParameterRow, 'name' | 'value'>>) => void;
  readonly remove: (key: number) => void;
}

export function createParameterRows(
  draft: Signal<ClientDraft>,
  member: ParameterMember,
): ParameterRows {
  let lastKey = 0;
  const row = (name: string, value: string): ParameterRow => ({ key: ++lastKey, name, value });
  const rows = signal<readonly ParameterRow[]>(
    Object.entries(draft.peek()[member] ?? {}).map(([name, value]) => row(name, value)),
  );

  function setRows(next: readonly ParameterRow[]): void {
    rows.value = next;
    const filled = next.filter(({ name, value }) => name.trim() !== '' || value !== '');
    const parameters = filled.map(({ name, value }): [string, string] => [name.trim(), value]);
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
      setRows(rows.value.map((each) => (each.key === key ? { ...each, ...part } : each)));
    },
    remove: (key) => {
      setRows(rows.value.filter((each) => each.key !== key));
    },
  };
}
