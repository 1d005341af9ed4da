import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { maxImportedClients, maxPostmanFileLength } from '#core/import/import-limits.ts';
import { importPostman, type PostmanImport } from '#core/import/postman/import-postman.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { createImportChoice, type ImportChoice } from './import-choice.ts';
import { chosenDrafts, previewPostman, type ImportPreview } from './import-preview.ts';
import { createImportSource, type ImportProblem, type ImportSource } from './import-source.ts';

/** The preview of a collection. */
export type FoundImport = Extract<ImportPreview, { readonly entries: unknown }>;

/** Why the last step failed. */
export type ImportFailure = { readonly problem: ImportProblem } | { readonly fault: Fault };

/** Dependencies of the import of a Postman collection. */
export interface PostmanPorts {
  readonly send: Send;
  readonly collection: ImportSource;
  /** The names of all clients. */
  readonly takenNames: () => readonly string[];
  /** Called when the chosen clients are saved. */
  readonly onImported: (created: readonly ClientView[]) => Promise<void>;
}

/** State and actions of importing a Postman collection: preview, choose, then save. */
export interface PostmanStore {
  /** The environment with the values of variables; can be empty. */
  readonly environment: ImportSource;
  /** The preview of the current texts; undefined before it was requested and after either text changed. */
  readonly found: ReadonlySignal<FoundImport | undefined>;
  /** Cleared when either text changes. */
  readonly failure: ReadonlySignal<ImportFailure | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly choice: ImportChoice;
  readonly runPreview: () => Promise<void>;
  readonly runImport: () => Promise<void>;
}

/** Both texts. A new object after each change of a text or of the problem of a file. */
interface Texts {
  readonly json: string;
  readonly environment: string;
  /** Whether the file that was chosen last could not be read. */
  readonly hasProblem: boolean;
}

/** The collection is read in this page, and each time anew: what is kept of it contains no secret. */
export function createPostmanStore(ports: PostmanPorts): PostmanStore {
  const { send, collection, takenNames, onImported } = ports;
  const environment = createImportSource();
  const texts = computed(() => textsOf(collection, environment));
  const found = createTextBound<Texts, FoundImport>(texts);
  const failure = createTextBound<Texts, ImportFailure>(texts);
  const choice = createImportChoice(computed(() => found.value.value?.entries));
  const isBusy = signal(false);

  async function run(step: (asked: Texts) => Promise<ImportFailure | undefined>): Promise<void> {
    if (isBusy.value) return;
    const asked = texts.value;
    isBusy.value = true;
    failure.clear();
    try {
      const reason = await step(asked);
      if (reason !== undefined) failure.set(asked, reason);
    } catch (thrown) {
      failure.set(asked, { fault: toFault(thrown) });
    } finally {
      isBusy.value = false;
    }
  }

  function preview(asked: Texts): ImportFailure | undefined {
    const { json, environment: values } = asked;
    const isTooLarge = [json, values].some(({ length }) => length > maxPostmanFileLength);
    if (isTooLarge) return { problem: 'too_large' };
    const shown = previewPostman(read(asked), takenNames());
    if ('problem' in shown) return shown;
    batch(() => {
      choice.begin(shown.entries);
      found.set(asked, shown);
    });
    return undefined;
  }

  async function save(asked: Texts): Promise<ImportFailure | undefined> {
    const chosen = choice.entries();
    const { length } = chosen.entries;
    if (found.value.value === undefined || length === 0) return undefined;
    if (length > maxImportedClients) return { problem: 'too_many_chosen' };
    const drafts = chosenDrafts(read(asked), chosen, takenNames());
    const saved = await send('client.import', { clients: drafts }).catch(toFault);
    if ('code' in saved) return { fault: inPreview(saved, chosen.entries) };
    // Both texts may contain secrets.
    environment.type('');
    found.clear();
    choice.begin([]);
    await onImported(saved.created);
    return undefined;
  }

  return {
    environment,
    found: found.value,
    failure: failure.value,
    isBusy,
    choice,
    runPreview: () => run((asked) => Promise.resolve(preview(asked))),
    runImport: () => run(save),
  };
}

/** The worker counts the entries that it was sent: names each by its place in the preview. */
function inPreview({ fields, ...fault }: Fault, entries: readonly number[]): Fault {
  if (fields === undefined) return fault;
  const place = (count: string): string => String((entries[Number(count) - 1] ?? 0) + 1);
  const placed = fields.map(({ field, problem }) => ({
    field: field.replace(/^\d+(?=\.)/u, place),
    problem,
  }));
  return { ...fault, fields: placed };
}

/** A value for certain texts; undefined as soon as the texts change. */
interface TextBound<Source, Value> {
  readonly value: ReadonlySignal<Value | undefined>;
  readonly set: (texts: Source, value: Value) => void;
  readonly clear: () => void;
}

export function createTextBound<Source, Value>(
  texts: ReadonlySignal<Source>,
): TextBound<Source, Value> {
  const last = signal<{ readonly texts: Source; readonly value: Value } | undefined>(undefined);
  return {
    value: computed(() => (last.value?.texts === texts.value ? last.value.value : undefined)),
    set: (of, value) => {
      last.value = { texts: of, value };
    },
    clear: () => {
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

function read({ json, environment }: Texts): PostmanImport {
  return importPostman(json, environment.trim() === '' ? undefined : environment);
}
