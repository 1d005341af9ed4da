import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { draftOfConsumer } from '../../extension/core/import/postman/oauth1-draft.ts';
import type { FieldProblem } from '../../extension/core/values/fault.ts';
import type { RequestOf } from '../../extension/wire/commands.ts';
import type { ImportEntryView, ImportedConsumerView } from '../../extension/wire/views.ts';
import { serverOf, type ServerForm, blankServer } from './server-form.ts';

/** What a person chooses of a preview, and adds to it. */
export interface ImportChoice {
  /** Places in the preview; none that cannot be saved. */
  readonly chosen: ReadonlySignal<ReadonlySet<number>>;
  /** What was said of the servers of OAuth 1.0a consumers, by their places. */
  readonly servers: ReadonlySignal<ReadonlyMap<number, ServerForm>>;
  readonly toggle: (at: number) => void;
  readonly setServer: (at: number, form: ServerForm) => void;
  /** Another preview: what is whole is chosen. What was said of a server stays, if its consumer is there again. */
  readonly begin: (entries: readonly ImportEntryView[]) => void;
  /** As the worker is told. */
  readonly body: () => Pick<RequestOf<'client.import-postman'>, 'entries' | 'servers'>;
}

/** See {@link ImportChoice}. */
export function createImportChoice(
  entries: ReadonlySignal<readonly ImportEntryView[] | undefined>,
): ImportChoice {
  const ticked = signal<ReadonlySet<number>>(new Set());
  const servers = signal<ReadonlyMap<number, ServerForm>>(new Map());
  const chosen = computed(() => {
    const canBe = (at: number): boolean => {
      const entry = entries.value?.[at];
      return entry !== undefined && isImportable(entry, servers.value.get(at));
    };
    return new Set([...ticked.value].filter(canBe));
  });
  let known: readonly string[] = [];
  return {
    chosen,
    servers,
    toggle: (at) => {
      const others = [...ticked.value].filter((one) => one !== at);
      ticked.value = new Set(ticked.value.has(at) ? others : [...others, at]);
    },
    setServer: (at, form) => {
      servers.value = new Map([...servers.value, [at, form]]);
    },
    begin: (all) => {
      ticked.value = new Set(all.flatMap((entry, at) => (isWhole(entry) ? [at] : [])));
      const before = known;
      known = all.map(consumerOf);
      servers.value = new Map([...servers.value].filter(([at]) => known[at] === before[at]));
    },
    body: () => {
      const places = [...chosen.value].sort((one, other) => one - other);
      const told = places.flatMap((at) => {
        const form = servers.value.get(at);
        return form === undefined ? [] : [{ at, ...serverOf(form) }];
      });
      return { entries: places, ...(told.length === 0 ? {} : { servers: told }) };
    },
  };
}

/** What lacks something can be chosen, but has to be on purpose. */
function isWhole(entry: ImportEntryView): boolean {
  return isImportable(entry, undefined) && entry.missing.length === 0;
}

/** What an entry is known by in the next preview: an environment may have changed all else. */
function consumerOf(entry: ImportEntryView): string {
  return JSON.stringify([entry.name, entry.kind === 'oauth1' ? entry.signatureMethod : '']);
}

/** The members that the form for a consumer's server asks for. */
const serverMembers = [
  'baseUrl',
  'requestTokenEndpoint',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBase',
] as const;
/** See {@link serverMembers}. */
export type ServerMember = (typeof serverMembers)[number];

/** What of the entry itself keeps it from being saved. */
export function problemsOf(entry: ImportEntryView): readonly FieldProblem[] {
  if (entry.kind === 'oauth2') return entry.problems;
  const judged = draftOfConsumer(entry.name, entry, serverOf(blankServer(entry))).problems;
  return [...judged.filter(({ field }) => !isServerMember(field)), ...entry.problems];
}

/** What is wrong with what was said of a consumer's server, by the member of the form. */
export function serverProblems(
  entry: ImportedConsumerView,
  form: ServerForm,
): Readonly<Partial<Record<ServerMember, FieldProblem['problem']>>> {
  const { problems } = draftOfConsumer(entry.name, entry, serverOf(form));
  // The addresses of a product follow from its base URL, and are told about there.
  const told = problems.filter(
    ({ field }) => isServerMember(field) && (form.product === undefined || field === 'baseUrl'),
  );
  return Object.fromEntries(told.map(({ field, problem }) => [field, problem]));
}

/** Whether an entry can be chosen. */
export function isImportable(entry: ImportEntryView, form: ServerForm | undefined): boolean {
  if (problemsOf(entry).length > 0) return false;
  if (entry.kind === 'oauth2') return true;
  return Object.keys(serverProblems(entry, form ?? blankServer(entry))).length === 0;
}

function isServerMember(field: string): boolean {
  return (serverMembers as readonly string[]).includes(field);
}
