import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clickGuardDelayMs, createClickGuard } from './click-guard.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aWindow() {
  const world = { isFocused: true, changeWindow: (): void => undefined };
  const isClickAccepted = createClickGuard({
    isFocused: () => world.isFocused,
    onWindowChanged: (listener) => {
      world.changeWindow = listener;
    },
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  return { world, isClickAccepted };
}

it('accepts clicks after the window had the focus for the whole delay', () => {
  const { isClickAccepted } = aWindow();
  vi.advanceTimersByTime(clickGuardDelayMs - 1);
  expect(isClickAccepted.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isClickAccepted.value).toBe(true);
});

it('refuses clicks as soon as the window changes, and restarts the delay', () => {
  const { world, isClickAccepted } = aWindow();
  vi.advanceTimersByTime(clickGuardDelayMs);
  world.changeWindow();
  expect(isClickAccepted.value).toBe(false);
  vi.advanceTimersByTime(clickGuardDelayMs - 1);
  world.changeWindow();
  vi.advanceTimersByTime(clickGuardDelayMs - 1);
  expect(isClickAccepted.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isClickAccepted.value).toBe(true);
});

it('never accepts clicks in the background', () => {
  const { world, isClickAccepted } = aWindow();
  world.isFocused = false;
  world.changeWindow();
  vi.advanceTimersByTime(10 * clickGuardDelayMs);
  expect(isClickAccepted.value).toBe(false);
});

it('does not accept clicks when the focus was lost without an event', () => {
  const { world, isClickAccepted } = aWindow();
  world.isFocused = false;
  vi.advanceTimersByTime(clickGuardDelayMs);
  expect(isClickAccepted.value).toBe(false);
});
