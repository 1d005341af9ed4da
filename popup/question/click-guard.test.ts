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
    isCovered: () => Promise.resolve(false),
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
    isCovered: () => world.isCovered(),
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
async function anArmedWindow() {
  const armed = aWindow();
  armed.guard.restart();
  armed.world.paint();
  await vi.advanceTimersByTimeAsync(clickGuardDelayMs);
  expect(armed.isAccepted()).toBe(true);
  return armed;
}

const press = { kind: 'press', isOnControl: false } as const;
const release = { kind: 'release', isOnControl: false } as const;
const pressOnControl = { kind: 'press', isOnControl: true } as const;
const releaseOnControl = { kind: 'release', isOnControl: true } as const;

/** The window accepts clicks after the delay, and not before, once it has painted. */
async function expectFreshDelay({ world, isAccepted }: ReturnType<typeof aWindow>): Promise<void> {
  expect(isAccepted()).toBe(false);
  world.paint();
  await vi.advanceTimersByTimeAsync(clickGuardDelayMs - 1);
  expect(isAccepted()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isAccepted()).toBe(true);
}

describe('the delay begins', () => {
  it('when a question is shown, not when the window opens', async () => {
    const opened = aWindow();
    opened.world.changeWindow();
    opened.world.input(release);
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(10 * clickGuardDelayMs);
    expect(opened.isAccepted()).toBe(false);
    opened.guard.restart();
    await expectFreshDelay(opened);
  });
  it('when the question has been painted', async () => {
    const opened = aWindow();
    opened.guard.restart();
    await vi.advanceTimersByTimeAsync(10 * clickGuardDelayMs);
    await expectFreshDelay(opened);
  });
  it('when the window has the focus', async () => {
    const opened = aWindow();
    opened.world.isFocused = false;
    opened.guard.restart();
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(10 * clickGuardDelayMs);
    expect(opened.isAccepted()).toBe(false);
    opened.world.isFocused = true;
    opened.world.changeWindow();
    await expectFreshDelay(opened);
  });
});

describe('the delay begins again', () => {
  it.each<[string, (opened: ReturnType<typeof aWindow>) => void]>([
    ['when the window changes', ({ world }) => world.changeWindow()],
    ['when something else is shown', ({ guard }) => guard.restart()],
  ])('%s', async (_, change) => {
    const opened = await anArmedWindow();
    change(opened);
    expect(opened.isAccepted()).toBe(false);
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(clickGuardDelayMs - 1);
    change(opened);
    await expectFreshDelay(opened);
  });
  it.each([
    ['after a click or key before its end', pressOnControl, releaseOnControl],
    ['after a release before its end, whose press went to another window', release, release],
  ])('%s', async (_, down, up) => {
    const opened = aWindow();
    opened.guard.restart();
    for (let time = 0; time < 5; time += 1) {
      opened.world.paint();
      await vi.advanceTimersByTimeAsync(clickGuardDelayMs - 1);
      opened.world.input(down);
      opened.world.input(up);
    }
    await expectFreshDelay(opened);
  });
  it('after a click or key beside the controls of a window that accepts clicks', async () => {
    const opened = await anArmedWindow();
    opened.world.input(press);
    expect(opened.isAccepted()).toBe(false);
    opened.world.input(release);
    await expectFreshDelay(opened);
  });
});

it('a button or key that is held since before the end of the delay does not become a click on Allow', async () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.input(pressOnControl);
  opened.world.paint();
  await vi.advanceTimersByTimeAsync(10 * clickGuardDelayMs);
  expect(opened.isAccepted()).toBe(false);
  opened.world.input(releaseOnControl);
  await expectFreshDelay(opened);
});

it('a button or key that is released in another window does not count as held', async () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.input(press);
  opened.world.changeWindow();
  await expectFreshDelay(opened);
});

it('clicks and keys on controls are accepted after the delay', async () => {
  const { world, isAccepted } = await anArmedWindow();
  for (const input of [pressOnControl, releaseOnControl, release]) {
    world.input(input);
    expect(isAccepted()).toBe(true);
  }
});

describe('while another window is over it', () => {
  it('accepts nothing and says so, and waits for the delay when that has gone', async () => {
    const opened = aWindow();
    opened.world.isCovered = () => Promise.resolve(true);
    opened.guard.restart();
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(10 * clickGuardDelayMs);
    expect([opened.isAccepted(), opened.guard.isCovered.value]).toEqual([false, true]);
    opened.world.isCovered = () => Promise.resolve(false);
    opened.world.changeWindow();
    await expectFreshDelay(opened);
    expect(opened.guard.isCovered.value).toBe(false);
  });
  it('counts as covered what the browser does not say', async () => {
    const opened = aWindow();
    opened.world.isCovered = () => Promise.reject(new Error('no windows'));
    opened.guard.restart();
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(clickGuardDelayMs);
    expect([opened.isAccepted(), opened.guard.isCovered.value]).toEqual([false, true]);
  });
  it('accepts nothing by an answer of before a change', async () => {
    const opened = aWindow();
    let answer = (_: boolean): void => undefined;
    opened.world.isCovered = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    opened.guard.restart();
    opened.world.paint();
    await vi.advanceTimersByTimeAsync(clickGuardDelayMs);
    opened.world.changeWindow();
    answer(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(opened.isAccepted()).toBe(false);
  });
});

it('does not accept clicks when the focus was lost without an event', async () => {
  const opened = aWindow();
  opened.guard.restart();
  opened.world.paint();
  opened.world.isFocused = false;
  await vi.advanceTimersByTimeAsync(clickGuardDelayMs);
  expect(opened.isAccepted()).toBe(false);
});

describe('in a browser window', () => {
  const windows = { isCovered: () => Promise.resolve(false), onWindowsChanged: vi.fn() };
  it('a change of any window is a change of this one', () => {
    const changed = (): void => undefined;
    windowPorts(window, windows).onWindowChanged(changed);
    expect(windows.onWindowsChanged).toHaveBeenCalledWith(changed);
  });
  it('two frames pass before what is shown counts as painted', () => {
    const painted = vi.fn();
    const { afterPaint } = windowPorts(window, windows);
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
    windowPorts(window, windows).onInput((input) => inputs.push(input));
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
