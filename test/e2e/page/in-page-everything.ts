/** All that a page shows or holds, as text: address, DOM with shadow roots, field values, cookies, what it stores. Self-contained. */
export function everythingInPage(): string {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots)
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
  const fields = roots.flatMap((root) => [
    ...root.querySelectorAll<HTMLInputElement>('input, textarea, select'),
  ]);
  const stores = [localStorage, sessionStorage].map((store) =>
    JSON.stringify(Object.entries(store)),
  );
  return [
    location.href,
    new XMLSerializer().serializeToString(document),
    ...roots.map((root) => root.textContent),
    ...fields.map(({ value }) => value),
    document.body.innerText,
    document.cookie,
    ...stores,
  ].join('\n');
}

interface ExtensionApi {
  readonly runtime: {
    sendMessage(message: object): Promise<{ value?: { clients: { id: string }[] } }>;
  };
  readonly storage: Record<'local' | 'session', { get(keys: null): Promise<object> }>;
}

/** What the worker sends to the extension's own pages, and what it stores. Runs in such a page. Self-contained. */
export async function everythingTold(): Promise<Record<'replies' | 'local' | 'session', string>> {
  const known = globalThis as unknown as { browser?: ExtensionApi; chrome: ExtensionApi };
  const { runtime, storage } = known.browser ?? known.chrome;
  const ask = (name: string, body: object) => runtime.sendMessage({ v: 1, name, body });
  const overview = await ask('overview.get', {});
  const id = overview.value?.clients[0]?.id;
  const replies = [overview, await ask('client.get', { id }), await ask('client.list', {})];
  return {
    replies: JSON.stringify(replies),
    local: JSON.stringify(await storage.local.get(null)),
    session: JSON.stringify(await storage.session.get(null)),
  };
}

type Held = 'local' | 'mirror' | 'revisions' | 'copied revisions' | 'scripts' | 'hosts';

/**
 * What the browser holds of the extension: both copies of the store and of the lowest accepted revisions, scripts and optional
 * hosts. Runs in one of its pages. Self-contained.
 */
export async function heldInPage(): Promise<Record<Held, readonly string[]>> {
  interface Api {
    readonly storage: { readonly local: { get(keys: null): Promise<object> } };
    readonly permissions: { getAll(): Promise<{ readonly origins?: string[] }> };
    readonly scripting: { getRegisteredContentScripts(): Promise<readonly { id: string }[]> };
  }
  interface Buckets {
    open(name: string): Promise<{ readonly indexedDB: IDBFactory }>;
  }
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
    });
  const entriesIn = async (factory: IDBFactory, name: string, of: string): Promise<string[]> => {
    const database = await done(factory.open(name));
    const store = database.transaction(of).objectStore(of);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    database.close();
    const entries = keys.map((key, at) => [key, values[at] as unknown] as const);
    // The next worker writes its versions at once: of the store, and of how secrets are encrypted.
    return entries.flatMap(([key, value]) =>
      key === 'schema' || key === 'seals' ? [] : [JSON.stringify([key, value])],
    );
  };
  const known = globalThis as unknown as { browser?: Api; chrome: Api };
  const { storage, permissions, scripting } = known.browser ?? known.chrome;
  // Firefox has no storage buckets.
  const { storageBuckets } = navigator as unknown as { readonly storageBuckets?: Buckets };
  const copies = (await storageBuckets?.open('copies'))?.indexedDB ?? indexedDB;
  const { origins = [] } = await permissions.getAll();
  return {
    local: Object.keys(await storage.local.get(null)).filter((key) => key !== 'schema'),
    mirror: await entriesIn(indexedDB, 'threelo-mirror', 'entries'),
    revisions: await entriesIn(indexedDB, 'threelo', 'revisions'),
    'copied revisions': await entriesIn(copies, 'threelo-keys', 'revisions'),
    scripts: (await scripting.getRegisteredContentScripts()).map(({ id }) => id),
    hosts: origins.filter((one) => one.includes('.example')),
  };
}
