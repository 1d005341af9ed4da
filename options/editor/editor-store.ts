import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { draftOfType } from '#core/client/change-provider-type.ts';
import {
  draftProblems,
  normaliseDraft,
  type ClientDraft,
} from '#core/client/client-configuration.ts';
import { withPkcs8 } from '#core/client/private-key.ts';
import { requiredOrigins } from '#core/client/client-endpoints.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { toFault, type Fault, type FieldProblemName } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { createConsoleUrlPaste, type ConsoleUrlPaste } from './console-url-paste.ts';
import { createDiscovery, type Discovery } from './discovery.ts';
import {
  createParameterRows,
  parameterMembers,
  type ParameterMember,
  type ParameterRows,
} from './parameter-rows.ts';
import { createOperationScopes, type OperationScopes } from './operation-scopes.ts';
import { createScopePicker, type ScopePicker } from './scope-picker.ts';

/** The fields of the editor, in their order on the page. */
export const editorFields = [
  'name',
  'description',
  'type',
  'product',
  'baseUrl',
  'clientId',
  'clientAuthentication',
  'signatureMethod',
  'clientSecret',
  'privateKeyPem',
  'requestTokenEndpoint',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBase',
  'issuer',
  'revocationEndpoint',
  'userinfoEndpoint',
  'scopes',
  'pkceMethod',
  ...parameterMembers,
] as const;
export type EditorField = (typeof editorFields)[number];

/** Dependencies of the editor. */
export interface EditorPorts extends HostPermissionPorts {
  /** The initial draft. */
  readonly start: ClientDraft;
  /** The client that is edited; absent for a new one. */
  readonly original?: ClientView | undefined;
  /** All clients as they are now; undefined until they are loaded. */
  readonly clients: ReadonlySignal<readonly ClientView[] | undefined>;
}

/** The form for one client. It is kept while another view is shown, so that no input is lost. */
export interface EditorStore {
  readonly original: ClientView | undefined;
  readonly draft: ReadonlySignal<ClientDraft>;
  readonly scopes: ScopePicker;
  readonly operationScopes: OperationScopes;
  readonly consoleUrl: ConsoleUrlPaste;
  readonly discovery: Discovery;
  readonly parameters: Readonly<Record<ParameterMember, ParameterRows>>;
  /** The problem to show at each field. A missing value is shown only after the field was touched. */
  readonly problems: ReadonlySignal<Partial<Record<EditorField, FieldProblemName>>>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly isSaving: ReadonlySignal<boolean>;
  readonly isDirty: ReadonlySignal<boolean>;
  /** The callback URL for the typed authorization endpoint; undefined while that is not a valid URL. */
  readonly redirectUri: ReadonlySignal<string | undefined>;
  /** Changes the provider type. The draft of the previous type is kept for when it is chosen again. */
  readonly chooseType: (type: ProviderType) => void;
  readonly set: (part: Partial<ClientDraft>) => void;
  /** Marks a field as touched, so that a missing value is shown. */
  readonly touch: (field: EditorField) => void;
  /** The first field with a problem, which is then shown; undefined when the form can be saved. */
  readonly check: () => EditorField | undefined;
  /** The origins whose host permission a sign-in with the draft needs. Only for a draft that `check` accepted. */
  readonly origins: () => readonly Origin[];
  /** Resolves to the saved client, to the first field with a problem, or to undefined (see `fault`). */
  readonly save: () => Promise<ClientView | EditorField | undefined>;
}

type Problems = Partial<Record<EditorField, FieldProblemName>>;

export function createEditorStore(ports: EditorPorts): EditorStore {
  const { send, start, original, clients } = ports;
  const draft = signal(start);
  const scopes = createScopePicker(draft);
  const parameters = {
    authorizationParameters: createParameterRows(draft, 'authorizationParameters'),
    tokenParameters: createParameterRows(draft, 'tokenParameters'),
    requestHeaders: createParameterRows(draft, 'requestHeaders'),
  };
  const validation = createValidation({ start, original, clients }, draft);
  const { found } = validation;
  const chooseType = createTypeChoice(draft, validation);
  const fault = signal<Fault | undefined>(undefined);
  const isSaving = signal(false);

  function set(part: Partial<ClientDraft>): void {
    draft.value = { ...draft.value, ...part };
    validation.clearRefused(part);
  }

  function check(): EditorField | undefined {
    validation.touch(editorFields);
    if (!scopes.addPending()) return 'scopes';
    const repeated = parameterMembers.find((member) => parameters[member].isRepeated.value);
    return editorFields.find((field) => field in found.value || field === repeated);
  }

  async function save(): Promise<ClientView | EditorField | undefined> {
    if (isSaving.value) return undefined;
    const wrong = check();
    if (wrong !== undefined) return wrong;
    const read = withPkcs8(normaliseDraft(draft.value));
    if ('problem' in read) {
      validation.setRefused({ [read.problem.field]: read.problem.problem });
      return 'privateKeyPem';
    }
    isSaving.value = true;
    fault.value = undefined;
    validation.setRefused({});
    try {
      return await sendDraft(send, read.draft, original);
    } catch (thrown) {
      fault.value = toFault(thrown);
      const refused = problemsOf(fault.value);
      validation.setRefused(refused);
      return editorFields.find((field) => field in refused);
    } finally {
      isSaving.value = false;
    }
  }

  return {
    original,
    draft,
    scopes,
    operationScopes: createOperationScopes(send, draft, scopes),
    consoleUrl: createConsoleUrlPaste({ chooseType, set }),
    discovery: createDiscovery(ports, { draft, set }),
    parameters,
    problems: validation.problems,
    fault,
    isSaving,
    isDirty: computed(() => draft.value !== start || scopes.pending.value !== ''),
    redirectUri: followRedirectUri(send, draft, original),
    chooseType,
    set,
    touch: (field) => {
      validation.touch([field]);
    },
    check,
    origins: () => requiredOrigins(normaliseDraft(draft.value)),
    save,
  };
}

/** The problems of the draft, and those of them that are shown. */
interface Validation {
  /** All problems that prevent saving. */
  readonly found: ReadonlySignal<Problems>;
  /** Those of them that are shown. */
  readonly problems: ReadonlySignal<Problems>;
  readonly touch: (fields: readonly EditorField[]) => void;
  /** Replaces the problems that the worker reported. */
  readonly setRefused: (problems: Problems) => void;
  /** Clears the worker's problems for the members that changed. */
  readonly clearRefused: (part: Partial<ClientDraft>) => void;
}

function createValidation(
  { start, original, clients }: Pick<EditorPorts, 'start' | 'original' | 'clients'>,
  draft: ReadonlySignal<ClientDraft>,
): Validation {
  const touched = signal<ReadonlySet<EditorField>>(new Set());
  const refused = signal<Problems>({});
  const hasSecret = original?.hasSecret === true;
  const takenNames = computed(() =>
    (clients.value ?? []).filter(({ id }) => id !== original?.id).map(({ name }) => name),
  );
  const found = computed(() =>
    byField(draftProblems(draft.value, { takenNames: takenNames.value, hasSecret })),
  );
  return {
    found,
    problems: computed(() => ({
      ...shown(found.value, touched.value, draft.value, start),
      ...refused.value,
    })),
    touch: (fields) => {
      touched.value = new Set([...touched.value, ...fields]);
    },
    setRefused: (problems) => {
      refused.value = problems;
    },
    clearRefused: (part) => {
      const kept = Object.entries(refused.value).filter(([field]) => !(field in part));
      refused.value = Object.fromEntries(kept);
    },
  };
}

/** Keeps one draft per provider type, so that changing the type back restores it. */
function createTypeChoice(
  draft: Signal<ClientDraft>,
  { setRefused }: Validation,
): (type: ProviderType) => void {
  const earlier = new Map<ProviderType, ClientDraft>();
  return (type) => {
    setRefused({});
    const before = draft.value;
    if (type === before.type) return;
    earlier.set(before.type, before);
    draft.value = draftOfType(before, type, earlier.get(type));
  };
}

function sendDraft(
  send: Send,
  draft: ClientDraft,
  original: ClientView | undefined,
): Promise<ClientView> {
  const { clientSecret, privateKeyPem, ...rest } = draft;
  const client = {
    ...rest,
    scopes: [...rest.scopes],
    ...(clientSecret === undefined || clientSecret === '' ? {} : { clientSecret }),
    ...(privateKeyPem === undefined ? {} : { privateKeyPem }),
  };
  return original === undefined
    ? send('client.create', { client })
    : send('client.update', { id: original.id, client });
}

/** A missing value is shown once the field was touched; an invalid value is shown at once. */
function shown(
  found: Problems,
  touched: ReadonlySet<EditorField>,
  draft: ClientDraft,
  start: ClientDraft,
): Problems {
  return Object.fromEntries(
    editorFields.flatMap((field) => {
      const problem = found[field];
      if (problem === undefined) return [];
      const isTyped = draft[field] !== start[field] && problem !== 'required';
      return touched.has(field) || isTyped ? [[field, problem]] : [];
    }),
  );
}

function byField(problems: Fault['fields']): Problems {
  const known = (problems ?? []).filter(({ field }) =>
    (editorFields as readonly string[]).includes(field),
  );
  return Object.fromEntries(known.map(({ field, problem }) => [field, problem]));
}

function problemsOf(refusal: Fault): Problems {
  return refusal.code === 'name_taken' ? { name: 'name_taken' } : byField(refusal.fields);
}

/** Requests the callback URL whenever the authorization endpoint changes; only the response to the last request counts. */
function followRedirectUri(
  send: Send,
  draft: ReadonlySignal<ClientDraft>,
  original: ClientView | undefined,
): Signal<string | undefined> {
  const redirectUri = signal(original?.redirectUri);
  const endpoint = computed(() => normaliseDraft(draft.value).authorizationEndpoint);
  let current = original?.authorizationEndpoint;
  effect(() => {
    const authorizationEndpoint = endpoint.value;
    if (authorizationEndpoint === current) return;
    current = authorizationEndpoint;
    // The callback URL of another endpoint must not be copied meanwhile.
    redirectUri.value = undefined;
    if (!URL.canParse(authorizationEndpoint)) return;
    send('client.redirect-uri', { authorizationEndpoint }).then(
      (answer) => {
        if (current === authorizationEndpoint) redirectUri.value = answer.redirectUri;
      },
      () => undefined, // The endpoint's own field shows its problem.
    );
  });
  return redirectUri;
}
