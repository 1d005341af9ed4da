import { computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  toFault,
  type Fault,
  type FieldProblem,
  type FieldProblemName,
} from '../../extension/core/values/fault.ts';
import {
  settingFromText,
  settingNames,
  settingsProblems,
  type SettingName,
  type Settings,
} from '../../extension/core/values/settings.ts';
import { createPendingActions } from '../../extension/ui/state/pending-actions.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { SettingsView } from '../../extension/wire/views.ts';

type Problems = Partial<Record<SettingName, FieldProblemName>>;
type Texts = Partial<Record<SettingName, string>>;
type Outcome = 'saved' | 'restored';
type Values = Partial<Record<SettingName, string | number>>;

/** The form for the settings. What was typed stays until it is saved, whatever the worker says. */
export interface SettingsStore {
  /** What is in force and what the defaults are; undefined until the worker told. */
  readonly view: ReadonlySignal<SettingsView | undefined>;
  /** What the fields show: what is in force, and over it what was typed. */
  readonly texts: ReadonlySignal<Texts>;
  /** What is wrong with what was typed. */
  readonly problems: ReadonlySignal<Problems>;
  /** Why the last change was refused, or else why the worker could not be asked. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  /** What came of the last change, until something is typed. */
  readonly done: ReadonlySignal<Outcome | undefined>;
  readonly hasUnsaved: () => boolean;
  readonly set: (name: SettingName, text: string) => void;
  /** The person comes to the section. */
  readonly open: () => Promise<void>;
  /** Asks the worker what is in force. */
  readonly load: () => Promise<void>;
  /** Resolves to the first field that needs another value, or to undefined (see `done` and `fault`). */
  readonly save: () => Promise<SettingName | undefined>;
  /** Puts the defaults in force; what was typed goes too. */
  readonly restore: () => Promise<void>;
}

/** See {@link SettingsStore}. */
export function createSettingsStore(send: Send): SettingsStore {
  const { view, loadFault, load } = createReading(send);
  const { run, fault, running, dismiss } = createPendingActions();
  const typed = signal<Texts>({});
  const refused = signal<Problems>({});
  const done = signal<Outcome | undefined>(undefined);
  const changes = computed(() => changesOf(typed.value, view.value?.values));
  const found = computed(() => byName(settingsProblems(changes.value)));
  const isBusy = computed(() => running.value.size > 0);

  async function change(outcome: Outcome, work: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    done.value = undefined;
    refused.value = {};
    if (await run(outcome, work)) done.value = outcome;
    else refused.value = byName(fault.value?.fields ?? []);
  }

  return {
    view,
    texts: computed(() => ({ ...textsOf(view.value?.values), ...typed.value })),
    problems: computed(() => ({ ...found.value, ...refused.value })),
    fault: computed(() => fault.value ?? loadFault.value),
    isBusy,
    done,
    hasUnsaved: () => Object.keys(changes.peek()).length > 0,
    set: (name, text) => {
      typed.value = { ...typed.value, [name]: text };
      refused.value = without(refused.value, [name]);
      done.value = undefined;
    },
    open: () => {
      done.value = undefined;
      dismiss();
      return load();
    },
    load,
    save: async () => {
      const wrong = firstOf(found.value);
      if (wrong !== undefined) return wrong;
      await change('saved', async () => {
        const sent = typed.value;
        view.value = await send('settings.update', { changes: changes.value });
        const isSaved = (name: SettingName): boolean => typed.value[name] === sent[name];
        typed.value = without(typed.value, settingNames.filter(isSaved));
      });
      return firstOf(refused.value);
    },
    restore: () =>
      change('restored', async () => {
        view.value = await send('settings.reset', {});
        typed.value = {};
      }),
  };
}

function createReading(send: Send) {
  const view = signal<SettingsView | undefined>(undefined);
  const loadFault = signal<Fault | undefined>(undefined);
  const load = async (): Promise<void> => {
    try {
      view.value = await send('settings.get', {});
      loadFault.value = undefined;
    } catch (thrown) {
      loadFault.value = toFault(thrown);
    }
  };
  return { view, loadFault, load };
}

/** What was typed, as values, but for what is in force already. */
function changesOf(typed: Texts, values: Settings | undefined): Values {
  const all = settingNames.flatMap((name) => {
    const text = typed[name];
    return text === undefined ? [] : [[name, settingFromText(name, text)] as const];
  });
  return Object.fromEntries(all.filter(([name, value]) => value !== values?.[name]));
}

function textsOf(values: Settings | undefined): Texts {
  if (values === undefined) return {};
  return Object.fromEntries(settingNames.map((name) => [name, String(values[name])]));
}

function byName(problems: readonly FieldProblem[]): Problems {
  const known = problems.filter(({ field }) => (settingNames as readonly string[]).includes(field));
  return Object.fromEntries(known.map(({ field, problem }) => [field, problem]));
}

function firstOf(problems: Problems): SettingName | undefined {
  return settingNames.find((name) => name in problems);
}

function without<T extends object>(from: T, names: readonly SettingName[]): T {
  const rest = Object.entries(from).filter(
    ([name]) => !(names as readonly string[]).includes(name),
  );
  return Object.fromEntries(rest) as T;
}
