// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  clickGuardDelayMs,
  createClickGuard,
  windowPorts,
  type GuardedInput,
} from './click-guard.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aWindow() {
  const world = {
    isFocused: true,
    changeWindow: (): void => undefined,
    input: (_: GuardedInput): void => undefined,
    /** Paints what is shown. */
    paint: (): void => undefined,
  };
  const after = (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  };
  const guard = createClickGuard({
    isFocused: () => world.isFocused,
    onWindowChanged: (listener) => {
      world.changeWindow = listener;
    },
    onInput: (listener) => {
      world.input = listener;
    },
    afterPaint: (callback) => {
      world.paint = callback;
      return () => {
        world.paint = () => undefined;
      };
    },
    after,
  });
  const isAccepted = (): boolean => guard.isClickAccepted.value;
  return { world, guard, isAccepted };
}

/** A window that shows a question and accepts clicks. */
function anArmedWindow() {
  const armed = aWindow();
  armed.guard.restart();
  armed.world.paint();
  vi.advanceTimersByTime(clickGuardDelayMs);
  expect(armed.isAccepted()).toBe(true);
  return armed;
}

const press = { kind: 'press', isOnControl: false } as const;
const release = { kind: 'release', isOnControl: false } as const;
const pressOnControl = { kind: 'press', isOnControl: true } as const;
const releaseOnControl = { kind: 'release', isOnControl: true } as const;

/** The window accepts clicks after the delay, and not before, once it has painted. */
function expectFreshDelay({ world, isAccepted }: ReturnType<typeof aWindow>): void {
  expect(isAccepted()).toBe(false);
  world.paint();
  vi.advanceTimersByTime(clickGuardDelayMs - 1);
  expect(isAccepted()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isAccepted()).toBe(true);
}

describe('the delay begins', () => {
  it('when a question is shown, not when the window opens', () => {
    const opened = aWindow();
    opened.world.changeWindow();
    opened.world.input(release);
    opened.world.paint();
    vi.advanceTimersByTime(10 * clickGuardDelayMs);
    expect(opened.isAccepted()).toBe(false);
    opened.guard.restart();
    expectFreshDelay(opened);
  });
  it('when the question has been painted', () => {
    const opened = aWindow();
    opened.guard.restart();
    vi.advanceTimersByTime(10 * clickGuardDelayMs);
    expectFreshDelay(opened);
  });
  it('when the window has the focus', () => {
    const opened = aWindow();
    opened.world.isFocused = false;
    opened.guard.restart();
    opened.world.paint();
    vi.advanceTimersByTime(10 * clickGuardDelayMs);
    expect(opened.isAccepted()).toBe(false);
    opened.world.isFocused = true;
    opened.world.changeWindow();
    expectFreshDelay(opened);
  });
});

describe('the delay begins again', () => {
  it.each<[string, (opened: ReturnType<typeof aWindow>) => void]>([
    ['when the window changes', ({ world }) => world.changeWindow()],
    ['when something else is shown', ({ guard }) => guard.restart()],
  ])('%s', (_, change) => {
    const opened = anArmedWindow();
    change(opened);
    expect(opened.isAccepted()).toBe(false);
    opened.world.paint();
    vi.advanceTimersByTime(clickGuardDelayMs - 1);
    change(opened);
    expectFreshDelay(opened);
  });
  it.each([
    ['after a click or key before its end', pressOnControl, releaseOnControl],
    ['after a release before its end, whose press went to another window', release, release],
  ])('%s', (_, down, up) => {
    const opened = aWindow();
    opened.guard.restart();
    for (let time = 0; time < 5; time += 1) {
      opened.world.paint();
      vi.advanceTimersByTime(clickGuardDelayMs - 1);
      opened.world.input(down);
      opened.world.input(up);
    }
    expectFreshDelay(opened);
  });
  it('after a click or key beside the controls of a window that accepts clicks', () => {
    const opened = anArmedWindow();
    opened.world.input(press);
    expect(opened.isAccepted()).toBe(false);
    opened.world.input(release);
    expectFreshDelay(opened);
  });
});

it('a button or key that is held since before the end of the delay does not become a click on Allow', () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.input(pressOnControl);
  opened.world.paint();
  vi.advanceTimersByTime(10 * clickGuardDelayMs);
  expect(opened.isAccepted()).toBe(false);
  opened.world.input(releaseOnControl);
  expectFreshDelay(opened);
});

it('a button or key that is released in another window does not count as held', () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.input(press);
  opened.world.changeWindow();
  expectFreshDelay(opened);
});

it('clicks and keys on controls are accepted after the delay', () => {
  const { world, isAccepted } = anArmedWindow();
  for (const input of [pressOnControl, releaseOnControl, release]) {
    world.input(input);
    expect(isAccepted()).toBe(true);
  }
});

it('does not accept clicks when the focus was lost without an event', () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.paint();
  opened.world.isFocused = false;
  vi.advanceTimersByTime(clickGuardDelayMs);
  expect(opened.isAccepted()).toBe(false);
});

describe('in a browser window', () => {
  it('two frames pass before what is shown counts as painted', () => {
    const painted = vi.fn();
    const { afterPaint } = windowPorts(window);
    vi.useRealTimers();
    const frames: FrameRequestCallback[] = [];
    vi.spyOn(window, 'requestAnimationFrame').mockImplementation((frame) => frames.push(frame));
    afterPaint(painted);
    frames.shift()?.(0);
    expect(painted).not.toHaveBeenCalled();
    frames.shift()?.(1);
    expect(painted).toHaveBeenCalledOnce();
  });
  it('sees pointers and keys before the controls do, and whether they are meant for one', () => {
    const inputs: GuardedInput[] = [];
    windowPorts(window).onInput((input) => inputs.push(input));
    const label = document.createElement('label');
    label.append(...['input', 'b'].map((name) => document.createElement(name)));
    document.body.append(document.createElement('p'), label);
    document.body.addEventListener('keydown', (event) => event.stopPropagation(), true);
    const send = (selector: string, event: Event) =>
      document.querySelector(selector)?.dispatchEvent(event);
    const bubbles = true;
    send('p', new PointerEvent('pointerdown', { bubbles }));
    send('b', new PointerEvent('pointerdown', { bubbles }));
    send('b', new PointerEvent('pointerup', { bubbles }));
    send('input', new KeyboardEvent('keydown', { bubbles }));
    send('input', new KeyboardEvent('keydown', { bubbles, repeat: true }));
    send('input', new KeyboardEvent('keyup', { bubbles }));
    expect(inputs.map(({ kind, isOnControl }) => `${kind} ${String(isOnControl)}`)).toEqual([
      'press false',
      'press true',
      'release true',
      'press true',
      'press false',
      'release true',
    ]);
  });
});
