import { afterEach, expect, test, vi } from 'vitest';

const relay = vi.fn((_name: string, _body: unknown) =>
  Promise.resolve({ ok: true, value: { isConnected: true } }),
);
const target = { arePortsInPatterns: true };
vi.mock('#browser/messages/content-messages.ts', () => ({ relay, onAnnouncement: vi.fn() }));
vi.mock('#browser/host-pattern.ts', () => target);
afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('threelo content script'));
  vi.unstubAllGlobals();
  vi.resetModules();
  relay.mockClear();
});

/** Runs the content script in a document of this origin. */
async function runAt(origin: string) {
  const listeners = new Map<string, () => void>();
  const captured = new Set<string>();
  const postMessage = vi.fn();
  const addEventListener = (name: string, listener: () => void, isCaptured = false): void => {
    listeners.set(name, listener);
    if (isCaptured) captured.add(name);
  };
  vi.stubGlobal('self', { origin });
  vi.stubGlobal('location', { origin });
  vi.stubGlobal('window', { addEventListener, postMessage });
  vi.stubGlobal('addEventListener', addEventListener);
  await import('./content.ts');
  await Promise.resolve();
  return { listeners, captured, postMessage };
}

test('a document that ends tells the worker, before a listener of the page can stop the event', async () => {
  const { listeners, captured } = await runAt('https://a.example');
  expect(relay).not.toHaveBeenCalled();
  listeners.get('pagehide')?.();
  expect(relay).toHaveBeenCalledExactlyOnceWith('page.leave', {});
  expect([...captured]).toEqual(['pagehide']);
});

test.each([true, false])(
  'a document of an opaque origin, such as a sandboxed one, gets nothing (ports in patterns: %s)',
  async (arePortsInPatterns) => {
    target.arePortsInPatterns = arePortsInPatterns;
    const { listeners, postMessage } = await runAt('null');
    expect([...listeners.keys()]).toEqual([]);
    expect(postMessage).not.toHaveBeenCalled();
    expect(relay).not.toHaveBeenCalled();
    target.arePortsInPatterns = true;
  },
);
