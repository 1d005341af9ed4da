import type { StorageArea } from '../../../extension/browser/storage/storage-area.ts';
import { instantCrypto } from '../kill/instant-crypto.ts';
import type { TestWorld } from '../test-world.ts';

/** The calls of a worker that wait until the test lets them through. */
export type GatedPort = 'lock' | 'mirror' | 'local' | 'session' | 'fetch';

/** A call that waits. */
export interface Gate {
  readonly port: GatedPort;
  /** What is written or sent. */
  readonly content: unknown;
  /** Lets it through, with a response for a request. */
  readonly open: (response?: Response) => void;
  readonly fail: (reason: Error) => void;
}

/** A browser as one worker sees it whose refresh goes on in single steps. */
export interface GatedWorld {
  readonly world: TestWorld;
  readonly gates: Gate[];
  /** Runs work whose calls do not wait. */
  ungated<T>(work: () => Promise<T>): Promise<T>;
  /** No call comes back any more. */
  end(): void;
}

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Holds back the writes of entries whose key is one of `keys`, the lock `lock`, and requests with a refresh token. `reply`
 * answers all other requests.
 */
export function gatedWorld(
  browser: TestWorld,
  { keys, lock }: { readonly keys: readonly string[]; readonly lock: string },
  reply: (url: string) => Response,
): GatedWorld {
  const gates: Gate[] = [];
  let isOver = false;
  let isUngated = false;
  const pass = async <T>(value: Promise<T>): Promise<T> => {
    const settled = await value;
    return isOver ? never() : settled;
  };
  const gate = (port: GatedPort, content: unknown): Promise<Response | undefined> => {
    const passed = Promise.withResolvers<Response | undefined>();
    const leave = (): void => void gates.splice(gates.indexOf(one), 1);
    const one: Gate = {
      port,
      content,
      open: (response) => {
        leave();
        passed.resolve(response);
      },
      fail: (reason) => {
        leave();
        passed.reject(reason);
      },
    };
    gates.push(one);
    return passed.promise;
  };
  const area = (port: GatedPort, inner: StorageArea): StorageArea => ({
    all: () => pass(inner.all()),
    read: (key) => pass(inner.read(key)),
    remove: (names) => (isOver ? never() : pass(inner.remove(names))),
    write: async (entries) => {
      if (isOver) return never();
      const key = Object.keys(entries).find((name) => keys.includes(name));
      if (key !== undefined && !isUngated) await gate(port, entries[key]);
      return pass(inner.write(entries));
    },
  });
  const world = {
    ...browser,
    local: area('local', browser.local),
    mirror: area('mirror', browser.mirror),
    session: area('session', browser.session),
    crypto: instantCrypto(),
    after: () => () => undefined,
    lock: async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      if (name === lock) await gate('lock', name);
      return isOver ? never() : pass(work());
    },
    fetch: async (url: string, { body }: RequestInit) => {
      if (isOver) return never();
      const { refresh_token: sent } = JSON.parse(typeof body === 'string' ? body : '{}') as {
        readonly refresh_token?: string;
      };
      if (sent === undefined) return reply(url);
      const response = await gate('fetch', sent);
      return pass(Promise.resolve(response ?? reply(url)));
    },
  } as unknown as TestWorld;
  return {
    world,
    gates,
    ungated: async (work) => {
      isUngated = true;
      try {
        return await work();
      } finally {
        isUngated = false;
      }
    },
    end: () => {
      isOver = true;
      gates.length = 0;
    },
  };
}
