import type { PageUnderTest } from '../browser/browser-under-test.ts';

/** As much of the extension's API as is used here; the name depends on the browser. */
interface ExtensionScope {
  readonly browser?: ExtensionApi;
  readonly chrome: ExtensionApi;
}
interface ExtensionApi {
  readonly runtime: { sendMessage(message: object): Promise<CommandReply> };
  readonly permissions: { request(wanted: { origins: readonly string[] }): Promise<boolean> };
  readonly storage: Readonly<Record<AreaName, StorageArea>>;
}
interface StorageArea {
  get(keys: null): Promise<Record<string, unknown>>;
  set(entries: Record<string, unknown>): Promise<void>;
}
type CommandReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: { readonly code: string; readonly fields?: unknown } };

/** A storage area of the extension. */
export type AreaName = 'local' | 'session';

/** Sends a command of docs/messages.md from a page of the extension; resolves to its reply's value, rejects with its fault. */
export async function sendCommand<Value>(
  page: PageUnderTest,
  name: string,
  body: object,
): Promise<Value> {
  return (await page.evaluate(sendInPage, name, body)) as Value;
}

async function sendInPage(name: string, body: object): Promise<unknown> {
  const known = globalThis as unknown as ExtensionScope;
  const { runtime } = known.browser ?? known.chrome;
  const reply = await runtime.sendMessage({ v: 1, name, body });
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.fault)}`);
  return reply.value;
}

/** The entries of a storage area of the extension. */
export function readArea(page: PageUnderTest, area: AreaName): Promise<Record<string, unknown>> {
  return page.evaluate((name) => {
    const known = globalThis as unknown as ExtensionScope;
    return (known.browser ?? known.chrome).storage[name].get(null);
  }, area);
}

/** Writes entries to a storage area of the extension; the worker reads them at its next start. */
export function writeArea(
  page: PageUnderTest,
  area: AreaName,
  entries: Readonly<Record<string, unknown>>,
): Promise<void> {
  return page.evaluate(
    async (name, written) => {
      const known = globalThis as unknown as ExtensionScope;
      await (known.browser ?? known.chrome).storage[name].set(written);
    },
    area,
    entries,
  );
}

/** Asks the browser for host permissions at the next click in a page of the extension: a browser asks the person only then. */
export function requestHostsAtClick(
  page: PageUnderTest,
  patterns: readonly string[],
): Promise<void> {
  return page.evaluate((origins) => {
    const known = globalThis as unknown as ExtensionScope;
    const { permissions } = known.browser ?? known.chrome;
    addEventListener('click', () => void permissions.request({ origins }), {
      capture: true,
      once: true,
    });
  }, patterns);
}
