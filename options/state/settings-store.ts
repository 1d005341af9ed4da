import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Fault, FieldProblem, FieldProblemName } from '#core/values/fault.ts';
import {
  settingFromText,
  settingNames,
  settingsProblems,
  type SettingName,
  type Settings,
} from '#core/values/settings.ts';
import { createPendingActions } from '#ui/state/pending-actions.ts';
import { createViewStore } from '#ui/state/view-store.ts';
import type { Send } from '#wire/send.ts';
import type { SettingsView } from '#wire/views.ts';
import { keepObject, keptObject, type TabTexts } from '../tab/tab-texts.ts';

type Problems = Partial<Record<SettingName, FieldProblemName>>;
type Texts = Partial<Record<SettingName, string>>;
type Outcome = 'saved' | 'restored';
type Values = Partial<Record<SettingName, string | number | boolean>>;

/** The form for the settings. Typed values are kept until they are saved, even if the worker reports other ones. */
export interface SettingsStore {
  /** The current settings and the defaults; undefined until they are loaded. */
  readonly view: ReadonlySignal<SettingsView | undefined>;
  /** The texts of the fields: typed values, otherwise current ones; `true` or `false` for a switch. */
  readonly texts: ReadonlySignal<Texts>;
  /** The problems of the typed values. */
  readonly problems: ReadonlySignal<Problems>;
  /** Why the last change failed, otherwise why the settings could not be loaded. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  /** The outcome of the last change, until a value is typed. */
  readonly done: ReadonlySignal<Outcome | undefined>;
  readonly hasUnsaved: () => boolean;
  readonly set: (name: SettingName, text: string) => void;
  /** Called when the view is opened. */
  readonly open: () => Promise<void>;
  /** Loads the settings. */
  readonly load: () => Promise<void>;
  /** Resolves to the first field with a problem, or to undefined (see `done` and `fault`). */
  readonly save: () => Promise<SettingName | undefined>;
  /** Restores the defaults and discards typed values. */
  readonly restore: () => Promise<void>;
}

/** Under which typed values are kept while the page is reloaded. */
const typedKey = 'settings';

export function createSettingsStore(send: Send, tabTexts: TabTexts): SettingsStore {
  const { view, loadFault, reload: load } = createViewStore(() => send('settings.get', {}));
  const { run, fault, running, dismiss } = createPendingActions();
  const typed = signal(textsIn(keptObject(tabTexts, typedKey)));
  effect(() => {
    keepObject(tabTexts, typedKey, typed.value);
  });
  const refused = signal<Problems>({});
  const done = signal<Outcome | undefined>(undefined);
  // What the organization's policy sets meanwhile is not what was typed.
  const typedNow = computed(() => without(typed.value, view.value?.managed ?? []));
  const changes = computed(() => changesOf(typedNow.value, view.value?.values));
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
    texts: computed(() => ({ ...textsOf(view.value?.values), ...typedNow.value })),
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

/** The typed values of a page that was reloaded. */
function textsIn(kept: Readonly<Record<string, unknown>>): Texts {
  const entries = Object.entries(kept).filter(
    ([name, text]) =>
      (settingNames as readonly string[]).includes(name) && typeof text === 'string',
  );
  return Object.fromEntries(entries);
}

/** The typed values that differ from the current ones. */
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
