import { beforeEach, describe, expect, it, vi } from 'vitest';
import { blankDraft } from '#core/client/client-configuration.ts';
import { exportClients } from '#core/import/client-interchange.ts';
import { optionsStore } from '../../test/support/pages/options-store.ts';
import {
  aClient,
  anOverview,
  aSession,
  clientId,
  dashboard,
  FakeWorker,
  sessionId,
} from '../../test/support/samples/ui-views.ts';
import { until } from '../../test/support/until.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));

const redirect = { redirectUri: 'https://id.chromiumapp.org/suffix', redirectUriSuffix: 'suffix' };
let worker: FakeWorker;

beforeEach(() => {
  worker = new FakeWorker()
    .answer('overview.get', () => anOverview())
    .answer('client.redirect-uri', () => redirect)
    .answer('client.create', () => aClient({ name: 'New' }))
    .answer('client.update', () => aClient());
});

async function at(hash: string) {
  const world = optionsStore(worker);
  world.store.arrive(hash);
  await world.store.reload();
  const editor = () => {
    const shown = world.store.editor.value;
    if (shown === undefined) throw new Error('no editor');
    return shown;
  };
  return { ...world, world, editor };
}
const filled = { name: ' New ', clientId: 'abc', clientSecret: 's3cret' };

describe('adding a client', () => {
  it('begins with the blank draft and the callback URL', async () => {
    const { editor } = await at('#/clients/new');
    expect(editor().draft.value).toEqual(blankDraft('atlassian-cloud'));
    await until(() => editor().redirectUri.value === redirect.redirectUri);
  });

  it('sends the tidy draft and goes to the list', async () => {
    const { store, world, editor } = await at('#/clients/new');
    editor().set(filled);
    expect(await store.save()).toBeUndefined();
    const { clientSecret: _, ...blank } = blankDraft('atlassian-cloud');
    expect(worker.bodies('client.create')).toEqual([
      { client: { ...blank, name: 'New', clientId: 'abc', clientSecret: 's3cret' } },
    ]);
    expect(world.hash).toBe('#/clients');
    expect(store.savedName.value).toBe('New');
    expect(store.editor.value).toBeUndefined();
    expect(store.hasUnsaved()).toBe(false);
  });

  it('names the first field that is wrong, and sends nothing', async () => {
    const { store, editor } = await at('#/clients/new');
    expect(editor().problems.value).toEqual({});
    expect(await store.save()).toBe('name');
    expect(editor().problems.value).toEqual({
      name: 'required',
      clientId: 'required',
      clientSecret: 'required',
    });
    expect(worker.bodies('client.create')).toEqual([]);
  });

  it('shows a taken name and an invalid URL while they are typed, and a missing value once the field was touched', async () => {
    const { editor } = await at('#/clients/new');
    editor().set({ name: 'acme APP', tokenEndpoint: 'nonsense' });
    expect(editor().problems.value).toEqual({ name: 'name_taken', tokenEndpoint: 'url_invalid' });
    editor().set({ name: '' });
    expect(editor().problems.value.name).toBeUndefined();
    editor().touch('name');
    expect(editor().problems.value.name).toBe('required');
  });

  it.each(['storage_failed', 'unavailable', 'internal'] as const)(
    'keeps the form when saving fails (%s)',
    async (code) => {
      worker.refuse('client.create', code);
      const { store, editor } = await at('#/clients/new');
      editor().set(filled);
      await store.save();
      await store.reload();
      expect(editor().fault.value?.code).toBe(code);
      expect(editor().draft.value).toMatchObject(filled);
      worker.answer('client.create', () => aClient());
      await store.save();
      expect(store.editor.value).toBeUndefined();
    },
  );

  it('shows a problem from the worker at the field until that field is changed', async () => {
    worker.refuse('client.create', 'invalid_client', {
      fields: [{ field: 'clientId', problem: 'malformed' }],
    });
    const { store, editor } = await at('#/clients/new');
    editor().set(filled);
    expect(await store.save()).toBe('clientId');
    expect(editor().problems.value.clientId).toBe('malformed');
    editor().set({ clientId: 'abcd' });
    expect(editor().problems.value.clientId).toBeUndefined();
  });

  it('keeps the form while another view is shown', async () => {
    const { store, editor } = await at('#/clients/new');
    editor().set({ name: 'Half' });
    store.arrive('#/connected-pages');
    expect(store.hasUnsaved()).toBe(true);
    store.arrive('#/clients/new');
    expect(editor().draft.value.name).toBe('Half');
    store.cancelEditing();
    store.arrive('#/clients/new');
    expect(editor().draft.value.name).toBe('');
  });

  it('saves once, however often Save is pressed', async () => {
    const { store, editor } = await at('#/clients/new');
    editor().set(filled);
    await Promise.all([store.save(), store.save()]);
    expect(worker.bodies('client.create')).toHaveLength(1);
  });
});

describe('changing a client', () => {
  it('keeps the stored secret when the field stays empty', async () => {
    const { store, editor } = await at(`#/clients/${clientId}`);
    editor().set({ description: 'x' });
    await store.save();
    const [body] = worker.bodies('client.update');
    expect(body).toMatchObject({ id: clientId, client: { description: 'x' } });
    expect(body).not.toHaveProperty('client.clientSecret');
  });

  it('does not report its own name as taken', async () => {
    const { editor } = await at(`#/clients/${clientId}`);
    editor().touch('name');
    expect(editor().problems.value).toEqual({});
  });

  it('requests the callback URL when the endpoint changes; only the last response counts', async () => {
    const { editor } = await at(`#/clients/${clientId}`);
    expect(editor().redirectUri.value).toBe(aClient().redirectUri);
    const answers: ((answer: unknown) => void)[] = [];
    worker.answer('client.redirect-uri', () => new Promise((resolve) => answers.push(resolve)));
    editor().set({ authorizationEndpoint: 'https://one.example' });
    editor().set({ authorizationEndpoint: 'https://two.example' });
    await until(() => answers.length === 2);
    answers[1]?.({ ...redirect, redirectUri: 'two' });
    await until(() => editor().redirectUri.value === 'two');
    answers[0]?.({ ...redirect, redirectUri: 'one' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(editor().redirectUri.value).toBe('two');
    editor().set({ authorizationEndpoint: 'nonsense' });
    expect(editor().redirectUri.value).toBeUndefined();
  });

  it('has no form for a client that does not exist', async () => {
    const { store } = await at('#/clients/nobody');
    expect(store.editor.value).toBeUndefined();
  });

  it('copies a client under another name, without its secret', async () => {
    const { editor } = await at(`#/clients/new?copy=${clientId}`);
    expect(editor().draft.value).toMatchObject({ name: 'Copy of Acme app', clientSecret: '' });
    editor().touch('clientSecret');
    expect(editor().problems.value.clientSecret).toBe('required');
  });
});

describe('scopes', () => {
  it('can be chosen and typed, several at once', async () => {
    const { editor } = await at('#/clients/new');
    const { scopes } = editor();
    scopes.toggle('write:jira-work');
    scopes.pending.value = ' read:page:confluence  read:me write:page:confluence ';
    expect(scopes.addPending()).toBe(true);
    expect(scopes.typed.value).toEqual([
      'read:page:confluence',
      'read:space:confluence',
      'write:page:confluence',
    ]);
    expect(scopes.count.value).toBe(9);
    expect(scopes.pending.value).toBe('');
  });

  it('that are invalid stay in the field, are reported, and prevent saving', async () => {
    const { store, editor } = await at('#/clients/new');
    editor().set(filled);
    editor().scopes.pending.value = 'rëad';
    expect(await store.save()).toBe('scopes');
    expect(editor().scopes.isPendingInvalid.value).toBe(true);
    expect(editor().scopes.pending.value).toBe('rëad');
    expect(worker.bodies('client.create')).toEqual([]);
  });

  it('show a warning from 50 on', async () => {
    const { editor } = await at('#/clients/new');
    const many = Array.from({ length: 49 }, (_, at) => `scope:${at}`);
    editor().set({ scopes: many });
    expect(editor().scopes.isTooMany.value).toBe(false);
    editor().scopes.toggle('scope:49');
    expect(editor().scopes.isTooMany.value).toBe(true);
  });
});

describe('deleting', () => {
  it('loads the effects, then deletes the client', async () => {
    const impact = { sessions: [aSession()], origins: [dashboard] };
    worker.answer('client.impact', () => impact);
    const { store } = await at('#/clients');
    await store.startDeletion(clientId);
    expect(store.deletion.value).toEqual({ id: clientId, impact });
    expect(worker.bodies('client.delete')).toEqual([]);
    await store.confirmDeletion();
    expect(worker.bodies('client.delete')).toEqual([{ id: clientId }]);
    expect(store.deletion.value).toBeUndefined();
  });

  it('stays open and reports the fault when it fails', async () => {
    worker.answer('client.impact', () => ({ sessions: [], origins: [] }));
    worker.refuse('client.delete', 'storage_failed');
    const { store } = await at('#/clients');
    await store.startDeletion(clientId);
    await store.confirmDeletion();
    expect(store.deletion.value?.id).toBe(clientId);
    expect(store.pendingActions.fault.value?.code).toBe('storage_failed');
  });
});

describe('import and export', () => {
  const file = (text: string) => ({
    name: 'clients.json',
    size: text.length,
    text: () => Promise.resolve(text),
  });

  const client = aClient({ name: 'B' });
  const exported = exportClients([{ ...client, redirectUriSuffix: '' }]);

  it.each([
    ['found here', '[{}]', 'clientId', []],
    ['of the worker', exported, 'entry 1', [1]],
  ])('keeps the text of a failed import until it is changed: %s', async (_, text, told, sent) => {
    worker.refuse('client.import', 'invalid_import', { subject: 'entry 1' });
    const { store } = await at('#/clients');
    const { transfer } = store;
    transfer.openImport();
    transfer.source.type(text);
    await transfer.preview.runPreview();
    if (transfer.preview.found.value !== undefined) await transfer.preview.runImport();
    expect(transfer.source.text.value).toBe(text);
    expect(JSON.stringify(transfer.preview.failure.value)).toContain(told);
    expect(worker.bodies('client.import')).toHaveLength(sent.length);
    expect(transfer.isImportOpen.value).toBe(true);
    transfer.source.type('[]');
    expect(transfer.preview.failure.value).toBeUndefined();
  });

  it.each([
    ['json_invalid', '{broken'],
    ['too_large', `["${'x'.repeat(1_048_577)}"]`],
  ])('sends nothing that cannot be imported: %s', async (problem, text) => {
    const { store } = await at('#/clients');
    store.transfer.openImport();
    store.transfer.source.type(text);
    await store.transfer.preview.runPreview();
    expect(store.transfer.preview.failure.value).toEqual({ problem });
    expect(store.transfer.source.text.value).toBe(text);
    expect(worker.bodies('client.import')).toEqual([]);
  });

  it('reads a file into the text, imports it and lists the new clients', async () => {
    worker.answer('client.import', () => ({ created: [aClient(), aClient({ name: 'B' })] }));
    const { store } = await at('#/clients');
    store.transfer.openImport();
    await store.transfer.source.readFile(file(exported));
    expect(store.transfer.preview.format.value).toBe('clients');
    await store.transfer.preview.runPreview();
    await store.transfer.preview.runImport();
    expect(worker.bodies('client.import')).toMatchObject([{ clients: [{ name: 'B' }] }]);
    expect(store.transfer.imported.value?.map(({ name }) => name)).toEqual(['Acme app', 'B']);
    expect(store.transfer.isImportOpen.value).toBe(false);
    expect(store.transfer.source.text.value).toBe('');
  });

  it('keeps the text when the panel is closed', async () => {
    const { store } = await at('#/clients');
    store.transfer.openImport();
    store.transfer.source.type('[');
    store.transfer.closeImport();
    store.transfer.openImport();
    expect(store.transfer.source.text.value).toBe('[');
  });

  it('exports all or one as a file', async () => {
    worker.answer('overview.get', () =>
      anOverview({ clients: [aClient(), { ...client, id: sessionId as never }] }),
    );
    const { store, downloads } = await at('#/clients');
    await store.transfer.runExport();
    await store.transfer.runExport(clientId);
    expect(downloads.map(([name]) => name)).toEqual(Array(2).fill('threelo-clients.json'));
    const suffix = { redirectUriSuffix: 'c2Nzb21lc3VmZml4MTI' };
    expect(downloads.map(([, text]) => JSON.parse(text as string) as unknown)).toMatchObject([
      [{ name: 'Acme app', ...suffix }, { name: 'B' }],
      [{ name: 'Acme app' }],
    ]);
    await store.transfer.runExport('gone' as never);
    expect(store.pendingActions.fault.value?.code).toBe('not_found');
  });
});

it('copies', async () => {
  const { store, copied } = await at('#/clients');
  expect(await store.copyText('x')).toBe(true);
  expect(copied).toEqual(['x']);
});
