import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clickGuardDelayMs, createClickGuard } from './click-guard.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aWindow() {
  const world = { isInFront: true, changeWindow: (): void => undefined };
  const isClickAccepted = createClickGuard({
    isInFront: () => world.isInFront,
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

it('arms after the window was in front for the whole time', () => {
  const { isClickAccepted } = aWindow();
  vi.advanceTimersByTime(clickGuardDelayMs - 1);
  expect(isClickAccepted.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isClickAccepted.value).toBe(true);
});

it('disarms at once when disturbed, and waits the whole time anew', () => {
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

it('never arms in the background', () => {
  const { world, isClickAccepted } = aWindow();
  world.isInFront = false;
  world.changeWindow();
  vi.advanceTimersByTime(10 * clickGuardDelayMs);
  expect(isClickAccepted.value).toBe(false);
});

it('does not arm when the focus went without a word', () => {
  const { world, isClickAccepted } = aWindow();
  world.isInFront = false;
  vi.advanceTimersByTime(clickGuardDelayMs);
  expect(isClickAccepted.value).toBe(false);
});
