import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { armingDelayMs, createArming } from './click-guard.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aWindow() {
  const world = { isInFront: true, disturb: (): void => undefined };
  const isArmed = createArming({
    isInFront: () => world.isInFront,
    onDisturbed: (listener) => {
      world.disturb = listener;
    },
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  return { world, isArmed };
}

it('arms after the window was in front for the whole time', () => {
  const { isArmed } = aWindow();
  vi.advanceTimersByTime(armingDelayMs - 1);
  expect(isArmed.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isArmed.value).toBe(true);
});

it('disarms at once when disturbed, and waits the whole time anew', () => {
  const { world, isArmed } = aWindow();
  vi.advanceTimersByTime(armingDelayMs);
  world.disturb();
  expect(isArmed.value).toBe(false);
  vi.advanceTimersByTime(armingDelayMs - 1);
  world.disturb();
  vi.advanceTimersByTime(armingDelayMs - 1);
  expect(isArmed.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isArmed.value).toBe(true);
});

it('never arms in the background', () => {
  const { world, isArmed } = aWindow();
  world.isInFront = false;
  world.disturb();
  vi.advanceTimersByTime(10 * armingDelayMs);
  expect(isArmed.value).toBe(false);
});

it('does not arm when the focus went without a word', () => {
  const { world, isArmed } = aWindow();
  world.isInFront = false;
  vi.advanceTimersByTime(armingDelayMs);
  expect(isArmed.value).toBe(false);
});
