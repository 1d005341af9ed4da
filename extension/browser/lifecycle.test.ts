import { expect, test, vi } from 'vitest';

type Listener = (details: { reason: string }) => void;
const listeners: Listener[] = [];
vi.mock('./api/browser.ts', () => ({
  browser: {
    runtime: { onInstalled: { addListener: (listener: Listener) => listeners.push(listener) } },
  },
}));
const { onInstalled } = await import('./lifecycle.ts');

test('an update of the extension or of the browser is no installation', () => {
  const installed = vi.fn();
  onInstalled(installed);
  const fire = (reason: string) => {
    for (const listener of listeners) listener({ reason });
  };
  for (const reason of ['update', 'chrome_update', 'browser_update', 'shared_module_update'])
    fire(reason);
  expect(installed).not.toHaveBeenCalled();
  fire('install');
  expect(installed).toHaveBeenCalledOnce();
});
