import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  maxPostmanFileLength,
  maxPostmanEntries,
} from '../../extension/core/import/import-limits.ts';
import { toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { ClientView, ImportPreview } from '../../extension/wire/views.ts';
import { createImportChoice, type ImportChoice } from './import-choice.ts';
import { createImportSource, type ImportProblem, type ImportSource } from './import-source.ts';

/** What a collection would bring. */
export type FoundImport = Extract<ImportPreview, { readonly entries: unknown }>;

/** Why the last step did not work. */
export type ImportFailure = { readonly problem: ImportProblem } | { readonly fault: Fault };

/** What the import of a Postman collection needs. */
export interface PostmanPorts {
  readonly send: Send;
  readonly collection: ImportSource;
  /** The chosen clients are saved. */
  readonly onImported: (created: readonly ClientView[]) => Promise<void>;
}

/** The way from a Postman collection to clients: a preview, a choice, and only then something is saved. */
export interface PostmanStore {
  /** Where variables get their values from; may stay empty. */
  readonly environment: ImportSource;
  /** What the two texts hold; undefined until it was asked for, and again when either text changes. */
  readonly found: ReadonlySignal<FoundImport | undefined>;
  /** Until either text changes. */
  readonly refusal: ReadonlySignal<ImportFailure | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly choice: ImportChoice;
  readonly runPreview: () => Promise<void>;
  readonly runImport: () => Promise<void>;
}

/** Both texts; another object as soon as one of them changes, or was to become that of a file and could not. */
interface Texts {
  readonly json: string;
  readonly environment: string;
  /** The file that was chosen last is not among them. */
  readonly hasProblem: boolean;
}

/** See {@link PostmanStore}. An answer that comes after a text was changed is dropped. */
export function createPostmanStore({ send, collection, onImported }: PostmanPorts): PostmanStore {
  const environment = createImportSource();
  const texts = computed(() => textsOf(collection, environment));
  const found = createTextBound<FoundImport>(texts);
  const refusal = createTextBound<ImportFailure>(texts);
  const choice = createImportChoice(computed(() => found.value.value?.entries));
  const isBusy = signal(false);

  async function run(step: (asked: Texts) => Promise<ImportFailure | undefined>): Promise<void> {
    if (isBusy.value) return;
    const asked = texts.value;
    isBusy.value = true;
    refusal.forget();
    try {
      const refused = await step(asked);
      if (refused !== undefined) refusal.tell(asked, refused);
    } catch (thrown) {
      refusal.tell(asked, { fault: toFault(thrown) });
    } finally {
      isBusy.value = false;
    }
  }

  async function preview(asked: Texts): Promise<ImportFailure | undefined> {
    const { json, environment: values } = asked;
    const isTooLarge = [json, values].some(({ length }) => length > maxPostmanFileLength);
    if (isTooLarge) return { problem: 'too_large' };
    const answer = await send('client.import-preview', bodyOf(asked));
    if ('problem' in answer) return answer;
    batch(() => {
      choice.begin(answer.entries);
      found.tell(asked, answer);
    });
    return undefined;
  }

  async function save(asked: Texts): Promise<ImportFailure | undefined> {
    const body = choice.body();
    const { entries } = body;
    if (found.value.value === undefined || entries.length === 0) return undefined;
    if (entries.length > maxPostmanEntries) return { problem: 'too_many_chosen' };
    const { created } = await send('client.import-postman', { ...bodyOf(asked), ...body });
    // Both texts may hold secrets.
    environment.type('');
    found.forget();
    choice.begin([]);
    await onImported(created);
    return undefined;
  }

  return {
    environment,
    found: found.value,
    refusal: refusal.value,
    isBusy,
    choice,
    runPreview: () => run(preview),
    runImport: () => run(save),
  };
}

/** Something that is told of the texts, and lasts as long as they are what it was told of. */
interface TextBound<Told> {
  readonly value: ReadonlySignal<Told | undefined>;
  readonly tell: (of: Texts, told: Told) => void;
  readonly forget: () => void;
}

function createTextBound<Told>(texts: ReadonlySignal<Texts>): TextBound<Told> {
  const last = signal<{ readonly of: Texts; readonly told: Told } | undefined>(undefined);
  return {
    value: computed(() => (last.value?.of === texts.value ? last.value.told : undefined)),
    tell: (of, told) => {
      last.value = { of, told };
    },
    forget: () => {
      last.value = undefined;
    },
  };
}

function textsOf(collection: ImportSource, environment: ImportSource): Texts {
  return {
    json: collection.text.value,
    environment: environment.text.value,
    hasProblem: [collection, environment].some(({ problem }) => problem.value !== undefined),
  };
}

function bodyOf({ json, environment }: Texts): { json: string; environment?: string } {
  return environment.trim() === '' ? { json } : { json, environment };
}
