import type { WindowOutcome } from '../../../extension/browser/identity.ts';
import type { Chance } from '../chance.ts';
import type { TestWorld } from '../test-world.ts';
import { instantCrypto } from './instant-crypto.ts';

/** Where in a call of a port the background stops: before it acts, when only its answer is lost, or just after. */
export const moments = ['before', 'acted', 'answered'] as const;
export type Moment = (typeof moments)[number];

/** When a background is to stop for good; calls of ports are counted from 1 after {@link Life.arm}. */
export interface Kill {
  readonly call: number;
  readonly moment: Moment;
}

/** The life of one background. */
export interface Life {
  /** From now on calls count. */
  arm(kill?: Kill): void;
  /** Stops the background now. */
  end(): void;
  isOver(): boolean;
  /** Resolves at the end. */
  readonly over: Promise<void>;
  /** The ports called since {@link arm}, in order. */
  readonly calls: readonly string[];
  /**
   * How many calls of ports began, and how many of them have no answer yet: none after the end. `withKeepAlive`, which lasts as long
   * as what it is called for, owes none.
   */
  ports(): { readonly begun: number; readonly owed: number };
  /** Resolves when no port owes an answer any more. */
  quiet(): Promise<void>;
  /** Passes a result on while the background runs; afterwards it is dropped. */
  heard<T>(answer: Promise<T>): Promise<T>;
}

/** Ports that answer at once and change nothing that outlives the background. */
const instant = new Set([
  'nowMs',
  'compareNames',
  'isUpdateDue',
  'notifyExtensionPages',
  'redirectUri',
  'onPopupWindow',
  'patternOf',
  'isWide',
  'elapse',
  'sleep',
  'dump',
  'failWrites',
  'person',
]);
const ignored = (): void => undefined;
/** A new promise each time: one for all would retain all that ever awaited it, each with its background. */
const never = (): Promise<never> => new Promise(() => undefined);

type Port = (...args: unknown[]) => Promise<unknown>;

/**
 * A browser's world as one background sees it that may stop for good at any call of any port. After that no
 * port settles, no timer fires and no lock is held; what the browser has done stays done. Each call takes some
 * turns more than it must, as the chance says, so that another seed is another interleaving.
 */
export function killableWorld(browser: TestWorld, chance: Chance): TestWorld & { life: Life } {
  const state = lifeState();
  const { life } = state;
  const turns = async (): Promise<void> => {
    const count = chance.comes(0.1) ? chance.below(40) : chance.below(4);
    for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
  };
  const call: Call = async (name, act, half) => {
    if (life.isOver()) return never();
    const moment = state.called(name);
    const isOwed = name !== 'withKeepAlive';
    state.begun += 1;
    state.owed += 1;
    if (!isOwed) state.kept += 1;
    try {
      if (moment === 'before') life.end();
      await turns();
      // A request that was on its way arrives, or not.
      const isOnItsWay = name === 'fetch' && moment === undefined;
      if (life.isOver() && isOnItsWay && chance.comes(0.5)) act().then(ignored, ignored);
      if (life.isOver()) return await never();
      const value = await act(moment);
      if (moment === 'acted') {
        life.end();
        if (half !== undefined && chance.comes(0.5)) return half(value);
      }
      await turns();
      if (life.isOver()) return await never();
      if (moment === 'answered') void turns().then(life.end);
      return value;
    } finally {
      state.owed -= 1;
      if (!isOwed) state.kept -= 1;
    }
  };
  // At once, or when what the window's opening set off is done.
  const ending = (): void => {
    if (chance.comes(0.3)) queueMicrotask(life.end);
    else setImmediate(life.end);
  };
  const world = wrapped(browser, '', call) as TestWorld;
  const lock: TestWorld['lock'] = (name, work) =>
    life.heard(
      browser.lock(name, () =>
        Promise.race([
          call('lock', () => Promise.resolve()).then(work),
          life.over as Promise<never>,
        ]),
      ),
    );
  return {
    ...world,
    life,
    lock,
    crypto: instantCrypto(),
    after: (ms, act) =>
      browser.after(ms, () => {
        if (!life.isOver()) act();
      }),
    fetch: (url, init) =>
      call(
        'fetch',
        () => browser.fetch(url, init),
        (answer) => headOf(answer as Response),
      ) as Promise<Response>,
    identity: {
      ...browser.identity,
      authorize: (url) =>
        call('identity.authorize', (moment) =>
          authorize(url, browser, moment === 'acted' && chance.comes(0.6) ? ending : undefined),
        ) as Promise<WindowOutcome>,
    },
  };
}

/** Calls a port. `half` is what still gets through of an answer at the end of a life. */
type Call = (
  name: string,
  act: (moment?: Moment) => Promise<unknown>,
  half?: (value: unknown) => unknown,
) => Promise<unknown>;

function lifeState(): {
  life: Life;
  begun: number;
  owed: number;
  kept: number;
  called: (name: string) => Moment | undefined;
} {
  const ended = Promise.withResolvers<undefined>();
  const calls: string[] = [];
  let isOver = false;
  let armed: { kill?: Kill } | undefined;
  const life: Life = {
    calls,
    arm: (kill) => {
      armed = kill ? { kill } : {};
      calls.splice(0);
    },
    end: () => {
      isOver = true;
      ended.resolve(undefined);
    },
    isOver: () => isOver,
    over: ended.promise,
    ports: () => ({ begun: state.begun, owed: isOver ? 0 : state.owed - state.kept }),
    quiet: async () => {
      for (let still = 0; still < 3 && !isOver; still += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.owed > 0) still = 0;
      }
    },
    heard: async (answer) => {
      const value = await answer;
      return isOver ? never() : value;
    },
  };
  const state = {
    life,
    begun: 0,
    owed: 0,
    kept: 0,
    called: (name: string) => {
      if (armed === undefined) return undefined;
      calls.push(name);
      return calls.length === armed.kill?.call ? armed.kill.moment : undefined;
    },
  };
  return state;
}

/** Every function below, in its place, as a port. */
function wrapped(from: object, path: string, call: Call): object {
  const entries = Object.entries(from).map(([name, value]: [string, unknown]) => {
    const port = `${path}${name}`;
    if (instant.has(name)) return [name, value];
    if (typeof value === 'function')
      return [name, (...args: unknown[]) => call(port, () => (value as Port)(...args))];
    const isPlain = typeof value === 'object' && value?.constructor === Object;
    return [name, isPlain ? wrapped(value, `${port}.`, call) : value];
  });
  return Object.fromEntries(entries) as object;
}

/** The head of an answer whose body never comes. */
function headOf({ status, headers }: Response): Response {
  const isBodiless = [101, 204, 205, 304].includes(status);
  const body = isBodiless ? null : new ReadableStream<Uint8Array>({ pull: never });
  return new Response(body, { status, headers });
}

/** One window at a time, as both browsers have it; with an ending given, the window outlives the background. */
function authorize(url: URL, browser: TestWorld, ending?: () => void): Promise<WindowOutcome> {
  const isBusy = [...browser.openWindows.values()].some((what) => what.startsWith('https://auth.'));
  if (isBusy) return Promise.resolve({ ended: 'busy' });
  if (ending === undefined) return browser.identity.authorize(url);
  const { person } = browser;
  browser.person = never;
  const opened = browser.identity.authorize(url);
  browser.person = person;
  ending();
  return opened;
}
