import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { usesClientSecret } from '#core/client/client-configuration.ts';
import { draftOfConsumer } from '#core/import/postman/oauth1-draft.ts';
import type { FieldProblem } from '#core/values/fault.ts';
import { toggled } from '#ui/state/toggled.ts';
import { createTypedSecrets, type TypedSecrets } from '../members/typed-secrets.ts';
import type { ChosenEntries, ImportEntryView, ImportedConsumerView } from './import-preview.ts';
import {
  blankServer,
  serverMembers,
  serverOf,
  type ServerForm,
  type ServerMember,
} from './server-form.ts';

/** The entries of a preview that the person chose, and the servers that the person filled in. */
export interface ImportChoice {
  /** Indexes in the preview, only of entries that can be imported. */
  readonly chosen: ReadonlySignal<ReadonlySet<number>>;
  /** The typed servers of OAuth 1.0a consumers, by index. */
  readonly servers: ReadonlySignal<ReadonlyMap<number, ServerForm>>;
  /** The typed secrets of clients whose file has none, by index; erased with the preview. */
  readonly secrets: TypedSecrets<number>;
  readonly toggle: (at: number) => void;
  readonly setServer: (at: number, form: ServerForm) => void;
  /** Starts with a new preview: complete entries are chosen. A typed server is kept if its consumer is in the preview again. */
  readonly begin: (entries: readonly ImportEntryView[]) => void;
  readonly entries: () => ChosenEntries;
}

export function createImportChoice(
  entries: ReadonlySignal<readonly ImportEntryView[] | undefined>,
): ImportChoice {
  const chosenIndexes = signal<ReadonlySet<number>>(new Set());
  const servers = signal<ReadonlyMap<number, ServerForm>>(new Map());
  const secrets = createTypedSecrets<number>();
  const chosen = computed(() => {
    const canImport = (at: number): boolean => {
      const entry = entries.value?.[at];
      return entry !== undefined && isImportable(entry, servers.value.get(at));
    };
    return new Set([...chosenIndexes.value].filter(canImport));
  });
  let consumers: readonly string[] = [];
  return {
    chosen,
    servers,
    secrets,
    toggle: (at) => {
      chosenIndexes.value = toggled(chosenIndexes.value, at);
    },
    setServer: (at, form) => {
      servers.value = new Map([...servers.value, [at, form]]);
    },
    begin: (all) => {
      secrets.forget();
      chosenIndexes.value = new Set(all.flatMap((entry, at) => (isComplete(entry) ? [at] : [])));
      const before = consumers;
      consumers = all.map(consumerKeyOf);
      servers.value = new Map([...servers.value].filter(([at]) => consumers[at] === before[at]));
    },
    entries: () => {
      const indexes = [...chosen.value].sort((one, other) => one - other);
      const typedServers = indexes.flatMap((at) => {
        const form = servers.value.get(at);
        return form === undefined ? [] : [{ at, ...serverOf(form) }];
      });
      const filled = secrets.filled(indexes);
      const typedSecrets = filled.map(([at, clientSecret]) => ({ at, clientSecret }));
      return {
        entries: indexes,
        ...(typedServers.length === 0 ? {} : { servers: typedServers }),
        ...(typedSecrets.length === 0 ? {} : { secrets: typedSecrets }),
      };
    },
  };
}

/** Whether an entry is chosen from the start. An incomplete entry can only be chosen by hand. */
function isComplete(entry: ImportEntryView): boolean {
  return isImportable(entry, undefined) && entry.missing.length === 0;
}

/** Identifies a consumer in the next preview: an environment can change all other members. */
function consumerKeyOf(entry: ImportEntryView): string {
  return JSON.stringify([entry.name, entry.kind === 'consumer' ? entry.signatureMethod : '']);
}

/** The problems of the entry itself that prevent its import. */
export function problemsOf(entry: ImportEntryView): readonly FieldProblem[] {
  if (entry.kind === 'client') return entry.problems;
  const found = draftOfConsumer(entry.name, entry, serverOf(blankServer(entry))).problems;
  return [...found.filter(({ field }) => !isServerMember(field)), ...entry.problems];
}

/** The problems of a typed server, by the member of the form. */
export function serverProblems(
  entry: ImportedConsumerView,
  form: ServerForm,
): Readonly<Partial<Record<ServerMember, FieldProblem['problem']>>> {
  const { problems } = draftOfConsumer(entry.name, entry, serverOf(form));
  // The endpoints of a product are derived from its base URL, so only that has problems.
  const shown = problems.filter(
    ({ field }) => isServerMember(field) && (form.product === undefined || field === 'baseUrl'),
  );
  return Object.fromEntries(shown.map(({ field, problem }) => [field, problem]));
}

/** Whether an entry can be imported. */
export function isImportable(entry: ImportEntryView, form: ServerForm | undefined): boolean {
  if (problemsOf(entry).length > 0) return false;
  if (entry.kind === 'client') return true;
  return Object.keys(serverProblems(entry, form ?? blankServer(entry))).length === 0;
}

function isServerMember(field: string): boolean {
  return (serverMembers as readonly string[]).includes(field);
}

/** Whether the client of an entry has a secret that is not in the file. */
export function lacksSecret(entry: ImportEntryView): boolean {
  if (entry.hasSecret) return false;
  return entry.kind === 'client'
    ? usesClientSecret(entry.client)
    : entry.signatureMethod === 'HMAC-SHA1';
}
