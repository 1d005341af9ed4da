import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { importClients } from '#core/import/client-interchange.ts';
import {
  maxClientsJsonLength,
  maxImportedClients,
  maxPostmanFileLength,
} from '#core/import/import-limits.ts';
import { importPostman, type PostmanImport } from '#core/import/postman/import-postman.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { createImportChoice, type ImportChoice } from './import-choice.ts';
import { importFormatOf, type ImportFormat } from './import-format.ts';
import {
  chosenDrafts,
  previewImport,
  type ClientFile,
  type ImportPreview,
} from './import-preview.ts';
import { createImportSource, type ImportProblem, type ImportSource } from './import-source.ts';

/** The preview of a file. */
export type FoundImport = Extract<ImportPreview, { readonly entries: unknown }>;

/** Why the last step failed. */
export type ImportFailure = { readonly problem: ImportProblem } | { readonly fault: Fault };

/** Dependencies of an import. */
export interface PreviewPorts {
  readonly send: Send;
  /** A file of clients, or a Postman collection. */
  readonly source: ImportSource;
  /** The names of all clients. */
  readonly takenNames: () => readonly string[];
  /** Called when the chosen clients are saved. */
  readonly onImported: (created: readonly ClientView[]) => Promise<void>;
}

/** State and actions of an import: preview, choose, fill in what the file does not have, then save. */
export interface PreviewStore {
  /** The format of the text; undefined if it is not JSON. */
  readonly format: ReadonlySignal<ImportFormat | undefined>;
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
  /** Forgets the preview and the typed secrets; the texts are kept. */
  readonly close: () => void;
}

/** Both texts. A new object after each change of a text or of the problem of a file. */
interface Texts {
  readonly json: string;
  readonly environment: string;
  /** Whether the file that was chosen last could not be read. */
  readonly hasProblem: boolean;
}

/** The file is read in this page, and each time anew: what is kept of it contains no secret. */
export function createPreviewStore(ports: PreviewPorts): PreviewStore {
  const { send, source, takenNames, onImported } = ports;
  const environment = createImportSource();
  const texts = computed(() => textsOf(source, environment));
  const found = createTextBound<Texts, FoundImport>(texts);
  const failure = createTextBound<Texts, ImportFailure>(texts);
  const choice = createImportChoice(computed(() => found.value.value?.entries));
  const isBusy = signal(false);
  const format = computed(() => {
    const { value: text } = source.text;
    return text.length > maxPostmanFileLength ? undefined : importFormatOf(text);
  });

  async function run(
    step: (asked: Texts) => ImportFailure | undefined | Promise<ImportFailure | undefined>,
  ): Promise<void> {
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
    const limit = format.value === 'clients' ? maxClientsJsonLength : maxPostmanFileLength;
    const isTooLarge = json.length > limit || values.length > maxPostmanFileLength;
    if (isTooLarge) return { problem: 'too_large' };
    const shown = previewImport(read(asked), takenNames());
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
    close();
    await onImported(saved.created);
    return undefined;
  }

  function close(): void {
    found.clear();
    failure.clear();
    choice.begin([]);
  }

  return {
    format,
    environment,
    found: found.value,
    failure: failure.value,
    isBusy,
    choice,
    runPreview: () => run(preview),
    runImport: () => run(save),
    close,
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

function createTextBound<Source, Value>(texts: ReadonlySignal<Source>): TextBound<Source, Value> {
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

function textsOf(source: ImportSource, environment: ImportSource): Texts {
  return {
    json: source.text.value,
    environment: environment.text.value,
    hasProblem: [source, environment].some(({ problem }) => problem.value !== undefined),
  };
}

/** @throws BrokerError `invalid_import` for a file of clients, in which names of stored clients are no problem */
function read({ json, environment }: Texts): PostmanImport | ClientFile {
  if (importFormatOf(json) === 'clients') return { drafts: importClients(json, []) };
  return importPostman(json, environment.trim() === '' ? undefined : environment);
}
