import { signal, type ReadonlySignal } from '@preact/signals';

/** How long the question must be on the screen of a focused window before *Allow* is accepted, in milliseconds. */
export const clickGuardDelayMs = 700;

/** A pointer button or a key that goes down (`press`) or up (`release`). */
export interface GuardedInput {
  readonly kind: 'press' | 'release';
  /** Whether it is meant for a control of this window. A key that repeats is not: it was pressed for something else. */
  readonly isOnControl: boolean;
}

/** Dependencies of the click guard. */
export interface ClickGuardPorts {
  /** Whether the window is visible and has the focus. */
  readonly isFocused: () => boolean;
  /** Whether another window is over this one although it has the focus. */
  readonly isCovered: () => Promise<boolean>;
  /** Calls the listener when the focus, the visibility or the size of the window changed, or any window opened, closed or moved. */
  readonly onWindowChanged: (listener: () => void) => void;
  /** Calls the listener before a control gets the input. */
  readonly onInput: (listener: (input: GuardedInput) => void) => void;
  /** Runs a callback when the document has been painted as it is by then; returns a function that cancels it. */
  readonly afterPaint: (callback: () => void) => () => void;
  /** Runs a callback after a delay; returns a function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** Decides whether *Allow* is accepted. */
export interface ClickGuard {
  readonly isClickAccepted: ReadonlySignal<boolean>;
  /** Whether nothing is accepted because another window is over this one. */
  readonly isCovered: ReadonlySignal<boolean>;
  /** To be called when the window is about to show something else. The guard accepts nothing before the first call. */
  readonly restart: () => void;
}

/**
 * Whether *Allow* is accepted. The page decides when this window opens, so a click or key that was meant for the page
 * could hit *Allow* (clickjacking). The delay begins when what is shown has been painted, and again after each change of
 * what is shown, of focus, visibility or size, and after each click or key that is not meant for a control of a window
 * that accepts clicks already: a double click, a key that repeats. While such a button or key is down, it does not begin. A page can
 * also open a window that stays in front of all others (picture-in-picture) and hides all of this one but *Allow*: while one is
 * there, nothing is accepted.
 */
export function createClickGuard(ports: ClickGuardPorts): ClickGuard {
  const isClickAccepted = signal(false);
  const isCovered = signal(false);
  let isAnythingShown = false;
  let isPressed = false;
  let stop = (): void => undefined;

  function start(): void {
    stop();
    isClickAccepted.value = false;
    if (!isAnythingShown || isPressed || !ports.isFocused()) return;
    stop = ports.afterPaint(() => {
      stop = ports.after(clickGuardDelayMs, () => void accept());
    });
  }

  async function accept(): Promise<void> {
    const asked = new AbortController();
    stop = () => {
      asked.abort();
    };
    // What is not known counts as covered.
    const isOver = await ports.isCovered().catch(() => true);
    if (asked.signal.aborted) return;
    isCovered.value = isOver;
    isClickAccepted.value = !isOver && ports.isFocused();
  }

  ports.onWindowChanged(() => {
    // The release of a button or key may have gone to another window.
    isPressed = false;
    start();
  });
  ports.onInput(({ kind, isOnControl }) => {
    if (isClickAccepted.value && (isOnControl || kind === 'release')) return;
    isPressed = kind === 'press';
    start();
  });
  return {
    isClickAccepted,
    isCovered,
    restart: () => {
      isAnythingShown = true;
      start();
    },
  };
}

const controls = 'button, input, label, select, a, summary';

/** The dependencies, from a browser window. */
export function windowPorts(
  page: Window,
  {
    isCovered,
    onWindowsChanged,
  }: Pick<ClickGuardPorts, 'isCovered'> & {
    readonly onWindowsChanged: (listener: () => void) => void;
  },
): ClickGuardPorts {
  return {
    isCovered,
    isFocused: () => page.document.visibilityState === 'visible' && page.document.hasFocus(),
    onWindowChanged: (listener) => {
      for (const event of ['focus', 'blur', 'resize']) page.addEventListener(event, listener);
      page.document.addEventListener('visibilitychange', listener);
      onWindowsChanged(listener);
    },
    onInput: (listener) => {
      const add = (event: 'pointerdown' | 'keydown' | InputRelease, kind: GuardedInput['kind']) => {
        page.addEventListener(
          event,
          (input) => {
            const isRepeated = 'repeat' in input && input.repeat;
            listener({ kind, isOnControl: !isRepeated && isControl(input.target) });
          },
          { capture: true },
        );
      };
      add('pointerdown', 'press');
      add('keydown', 'press');
      for (const event of inputReleases) add(event, 'release');
    },
    afterPaint: (callback) => {
      // The first callback runs before a frame is painted, the second one after that.
      let request = page.requestAnimationFrame(() => {
        request = page.requestAnimationFrame(callback);
      });
      return () => {
        page.cancelAnimationFrame(request);
      };
    },
    after: (delayMs, callback) => {
      const timer = page.setTimeout(callback, delayMs);
      return () => {
        page.clearTimeout(timer);
      };
    },
  };
}

const inputReleases = ['pointerup', 'pointercancel', 'keyup'] as const;
type InputRelease = (typeof inputReleases)[number];

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(controls) !== null;
}
