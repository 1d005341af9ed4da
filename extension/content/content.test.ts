import { afterEach, expect, test, vi } from 'vitest';

const sendCommand = vi.fn((_name: string, _body: unknown) =>
  Promise.resolve({ ok: true, value: { isConnected: true } }),
);
const target = { arePortsInPatterns: true };
vi.mock('#browser/messages/content-messages.ts', () => ({
  sendCommand,
  openWorkerPort: vi.fn(),
  onAnnouncement: vi.fn(),
}));
vi.mock('#browser/host-pattern.ts', () => target);
afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('threelo content script'));
  vi.unstubAllGlobals();
  vi.resetModules();
  sendCommand.mockClear();
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
  vi.stubGlobal('document', { addEventListener });
  await import('./content.ts');
  await Promise.resolve();
  return { listeners, captured, postMessage };
}

test('the end of a document is noticed before a listener of the page can stop its events', async () => {
  const { captured } = await runAt('https://a.example');
  expect([...captured]).toEqual(['pagehide', 'pageshow', 'prerenderingchange']);
});

test.each([true, false])(
  'a document of an opaque origin, such as a sandboxed one, gets nothing (ports in patterns: %s)',
  async (arePortsInPatterns) => {
    target.arePortsInPatterns = arePortsInPatterns;
    const { listeners, postMessage } = await runAt('null');
    expect([...listeners.keys()]).toEqual([]);
    expect(postMessage).not.toHaveBeenCalled();
    expect(sendCommand).not.toHaveBeenCalled();
    target.arePortsInPatterns = true;
  },
);
