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
