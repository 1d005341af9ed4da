import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { portOpened } from '#wire/envelope.ts';
import { openWorkerPort } from './content-messages.ts';

/** What the browser's port was told, and what it tells. */
const port = vi.hoisted(() => ({
  receive: (_message: unknown): void => undefined,
  close: (): void => undefined,
  disconnect: vi.fn(),
}));
vi.mock('../api/own-browser.ts', () => ({
  browser: {
    runtime: {
      connect: () => ({
        postMessage: vi.fn(),
        disconnect: port.disconnect,
        onMessage: { addListener: (listener: typeof port.receive) => (port.receive = listener) },
        onDisconnect: { addListener: (listener: typeof port.close) => (port.close = listener) },
      }),
    },
  },
}));
beforeEach(() => {
  vi.useFakeTimers();
  port.disconnect.mockReset();
});
afterEach(() => vi.useRealTimers());

const listeners = () => ({ onReply: vi.fn(), onClosed: vi.fn() });

test('a port that the worker does not receive is closed after 20 seconds', () => {
  const watch = listeners();
  openWorkerPort(watch);
  vi.advanceTimersByTime(19_999);
  expect(watch.onClosed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([watch.onClosed, port.disconnect].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test('a port that the worker has received stays open without a reply', () => {
  const watch = listeners();
  openWorkerPort(watch);
  port.receive(portOpened);
  vi.advanceTimersByTime(600_000);
  expect(watch.onClosed).not.toHaveBeenCalled();
  expect(watch.onReply).not.toHaveBeenCalled();
});

test('a port that is closed, by whichever side, is told once', () => {
  const watch = listeners();
  openWorkerPort(watch);
  port.close();
  openWorkerPort(listeners()).close();
  vi.advanceTimersByTime(600_000);
  expect(watch.onClosed).toHaveBeenCalledOnce();
  expect(port.disconnect).toHaveBeenCalledOnce();
});
