import { beforeEach, describe, expect, it, vi } from 'vitest';
import { exportClients } from '#core/import/client-interchange.ts';
import { importPostman } from '#core/import/postman/import-postman.ts';
import { collection, environment, savesImports } from '../../test/support/pages/postman-worker.ts';
import { cloud, info, oauth2 } from '../../test/support/samples/postman-samples.ts';
import { aClient, FakeWorker } from '../../test/support/samples/ui-views.ts';
import { createImportSource } from './import-source.ts';
import { createPreviewStore } from './preview-store.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));

let worker: FakeWorker;
beforeEach(() => {
  worker = savesImports(new FakeWorker());
});

function begin(json = collection, values = '') {
  const source = createImportSource();
  const imported: string[] = [];
  const store = createPreviewStore({
    send: worker.send,
    source,
    takenNames: () => ['Link'],
    onImported: (created) => {
      imported.push(...created.map(({ name }) => name));
      return Promise.resolve();
    },
  });
  source.type(json);
  store.environment.type(values);
  return { store, source, imported };
}
const chosenOf = ({ choice }: ReturnType<typeof begin>['store']) => [...choice.chosen.value].sort();

describe('the preview', () => {
  it('chooses complete entries, not incomplete ones or ones with problems', async () => {
    const { store } = begin();
    expect(store.found.value).toBeUndefined();
    await store.runPreview();
    expect(store.found.value?.entries.map(({ name }) => name)).toEqual([
      'Cloud',
      'Other',
      'Link (2)',
    ]);
    expect(chosenOf(store)).toEqual([0]);
    expect(worker.sent).toEqual([]);
  });

  it.each([
    ['lacks only its client ID', { clientId: '{{client_id}}' }],
    ['is complete but cannot be saved', { accessTokenUrl: 'http://as.example/token' }],
  ])('does not choose an entry that %s', async (_, part) => {
    const { store } = begin(JSON.stringify({ info, auth: oauth2({ ...cloud, ...part }) }));
    await store.runPreview();
    expect([store.found.value?.entries.length, chosenOf(store)]).toEqual([1, []]);
  });

  it('reads the variables of the environment', async () => {
    const { store } = begin(collection, environment);
    await store.runPreview();
    expect(chosenOf(store)).toEqual([0, 1]);
  });

  it('ignores an environment that contains only spaces', async () => {
    const { store } = begin(collection, ' \n');
    await store.runPreview();
    expect(store.found.value?.entries).toHaveLength(3);
  });

  it.each(['collection', 'environment'] as const)(
    'is cleared when the %s is changed, and shown again only on request',
    async (which) => {
      const { store, source } = begin();
      await store.runPreview();
      const changed = which === 'collection' ? source : store.environment;
      const before = changed.text.value;
      changed.type(`${before} `);
      expect(store.found.value).toBeUndefined();
      changed.type(before);
      expect(store.found.value).toBeUndefined();
      await store.runImport();
      expect(worker.bodies('client.import')).toEqual([]);
      await store.runPreview();
      expect(store.found.value?.entries).toHaveLength(3);
    },
  );

  it('is cleared when a file is chosen that cannot be used', async () => {
    const { store, source } = begin();
    await store.runPreview();
    const text = () => Promise.resolve('');
    await source.readFile({ name: 'large.json', size: 20_000_001, text });
    expect([store.found.value, source.text.value]).toEqual([undefined, collection]);
  });

  it.each([
    ['json_invalid', '{', ''],
    ['is_environment', '{"values":[]}', ''],
    ['version_unsupported', '{"requests":[]}', ''],
    ['nothing_found', JSON.stringify({ info, item: [] }), ''],
    ['environment_invalid', collection, '{'],
    ['environment_invalid', collection, collection],
  ])('reports why it failed until a text is changed: %s', async (problem, json, values) => {
    const { store, source } = begin(json, values);
    await store.runPreview();
    expect(store.failure.value).toEqual({ problem });
    expect([source.text.value, store.environment.text.value]).toEqual([json, values]);
    source.type(`${json} `);
    expect(store.failure.value).toBeUndefined();
  });

  it('does not send a text that is too large', async () => {
    const { store } = begin(collection, 'x'.repeat(20_000_001));
    await store.runPreview();
    expect(store.failure.value).toEqual({ problem: 'too_large' });
    expect(worker.sent).toEqual([]);
  });
});

describe('a file of clients', () => {
  const client = (part: object) => ({ ...aClient(part), redirectUriSuffix: '' });
  const json = exportClients([client({ name: 'Team' }), client({ name: 'Link' })]);

  it('is chosen from one by one: one that has the name of a stored client is not imported', async () => {
    const { store } = begin(json);
    await store.runPreview();
    expect(chosenOf(store)).toEqual([0]);
    expect(store.found.value?.entries[1]?.problems).toEqual([
      { field: 'name', problem: 'name_taken' },
    ]);
  });

  it('is imported with the typed secrets of chosen clients, which are then forgotten', async () => {
    const { store } = begin(exportClients([client({ name: 'A' }), client({ name: 'B' })]));
    await store.runPreview();
    store.choice.secrets.type(0, ' typed ');
    store.choice.secrets.type(1, 'not sent');
    store.choice.toggle(1);
    await store.runImport();
    const [body] = worker.bodies('client.import');
    expect(body).toMatchObject({ clients: [{ name: 'A', clientSecret: 'typed' }] });
    expect(JSON.stringify(body)).not.toContain('not sent');
    expect(store.choice.secrets.filled([0, 1])).toEqual([]);
  });

  it('forgets a typed secret when another text is previewed or the import is left', async () => {
    const { store, source } = begin(json);
    await store.runPreview();
    store.choice.secrets.type(0, 'typed');
    source.type(json.replace('auth.atlassian.com/oauth', 'auth.atlassian.com/other'));
    await store.runPreview();
    expect(store.choice.secrets.filled([0, 1])).toEqual([]);
    store.choice.secrets.type(0, 'typed');
    store.close();
    expect([store.choice.secrets.of(0), store.found.value]).toEqual(['', undefined]);
  });

  it('has its own limit of size', async () => {
    const { store } = begin(`["${'x'.repeat(1_048_577)}"]`);
    await store.runPreview();
    expect(store.failure.value).toEqual({ problem: 'too_large' });
  });
});

describe('the import', () => {
  it('saves the chosen entries in the order of the preview, and clears the texts', async () => {
    const { store, imported } = begin(collection, environment);
    await store.runPreview();
    store.choice.toggle(0);
    store.choice.toggle(0);
    await store.runImport();
    expect(worker.bodies('client.import')).toMatchObject([
      { clients: [{ clientSecret: 'canary-secret' }, { clientSecret: 'generic-canary' }] },
    ]);
    expect(imported).toEqual(['Cloud', 'Other']);
    expect(store.environment.text.value).toBe('');
  });

  it('clears the preview', async () => {
    const { store } = begin();
    await store.runPreview();
    await store.runImport();
    expect(store.found.value).toBeUndefined();
  });

  it('saves nothing when nothing is chosen', async () => {
    const { store } = begin();
    await store.runPreview();
    store.choice.toggle(0);
    await store.runImport();
    expect(worker.bodies('client.import')).toEqual([]);
  });

  it('runs once, even if it is started several times', async () => {
    const { store } = begin();
    await store.runPreview();
    await Promise.all([store.runImport(), store.runImport()]);
    expect(worker.bodies('client.import')).toHaveLength(1);
  });

  it('drops the fault of a text that was changed meanwhile', async () => {
    const answer = Promise.withResolvers<unknown>();
    worker.answer('client.import', () => answer.promise);
    const { store, source } = begin();
    await store.runPreview();
    const running = store.runImport();
    expect(store.isBusy.value).toBe(true);
    source.type(environment);
    answer.reject(new Error('storage'));
    await running;
    expect([store.failure.value, store.isBusy.value]).toEqual([undefined, false]);
  });

  it('reports an entry that cannot be saved, by its place in the preview', async () => {
    const { store } = begin();
    await store.runPreview();
    const { choice } = store;
    vi.spyOn(choice, 'entries').mockReturnValue({ entries: [2] });
    await store.runImport();
    expect(store.failure.value).toMatchObject({
      fault: { code: 'invalid_import', fields: [{ field: '3.requestTokenEndpoint' }, {}, {}] },
    });
    expect(worker.sent).toEqual([]);
  });

  it('reports an entry that the worker refuses by its place in the preview, too', async () => {
    const fields = [{ field: '1.name', problem: 'name_taken' }] as const;
    worker.refuse('client.import', 'invalid_import', { fields });
    const { store } = begin(collection, environment);
    await store.runPreview();
    store.choice.toggle(0);
    await store.runImport();
    expect(store.failure.value).toMatchObject({
      fault: { code: 'invalid_import', fields: [{ field: '2.name', problem: 'name_taken' }] },
    });
  });

  it('keeps preview, choice and texts when it fails', async () => {
    worker.refuse('client.import', 'storage_failed');
    const { store, source, imported } = begin(collection, environment);
    await store.runPreview();
    store.choice.toggle(0);
    await store.runImport();
    expect(store.failure.value).toMatchObject({ fault: { code: 'storage_failed' } });
    expect([chosenOf(store), imported]).toEqual([[1], []]);
    expect(store.found.value?.entries).toHaveLength(3);
    expect([source.text.value, store.environment.text.value]).toEqual([collection, environment]);
  });

  it('accepts at most 500 entries at once', async () => {
    const item = Array.from({ length: 501 }, (_, at) => ({
      name: `R${at}`,
      request: {
        auth: oauth2({
          clientId: `id-${at}`,
          authUrl: 'https://as.example/authorize',
          accessTokenUrl: 'https://as.example/token',
          scope: 'openid',
        }),
      },
    }));
    const json = JSON.stringify({ info, item });
    expect(importPostman(json)).toMatchObject({ clients: { length: 501 } });
    const { store } = begin(json);
    await store.runPreview();
    await store.runImport();
    expect(store.failure.value).toEqual({ problem: 'too_many_chosen' });
    store.choice.toggle(7);
    await store.runImport();
    expect(worker.bodies('client.import')).toHaveLength(1);
  });
});
