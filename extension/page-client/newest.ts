import type { Threelo, ThreeloError, ThreeloErrorCode } from '#wire/page-api.ts';

/** The window of the page. On a server it has none of these. */
export const page = globalThis as {
  readonly threelo?: unknown;
  readonly location?: Location;
} & Partial<EventTarget>;

/** The `window.threelo` of now; undefined when there is none. An element with this id is none. */
export function find(): Threelo | undefined {
  const threelo = page.threelo as Partial<Threelo> | undefined;
  return typeof threelo?.sites === 'function' ? (threelo as Threelo) : undefined;
}

/** An error as those of the page API. */
export function errorOf(code: ThreeloErrorCode, message: string): ThreeloError {
  return Object.assign(new Error(message), { name: 'ThreeloError' as const, code });
}

/** Whether a call was refused because the page is not connected. */
export function isNotConnected(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown } | undefined)?.code === 'not_connected';
}

export const notConnected =
  'Threelo is not installed, or not connected to this page: a page cannot tell which. ' +
  'Open the Threelo popup on this page (Alt+Shift+L) and choose “Connect this page”.';

/** The `window.threelo` of now, as a rejection when there is none. */
function use(): Threelo {
  const threelo = find();
  if (threelo === undefined) throw errorOf('not_connected', notConnected);
  return threelo;
}

/**
 * A page API that is always the newest: a page that is connected again has another `window.threelo`. Its listeners are moved
 * there, and get a `change` for the new connection.
 */
export function newest(): Threelo {
  const events = new EventTarget();
  const notify = (): void => void events.dispatchEvent(new Event('change'));
  let followed: Threelo | undefined;
  /** Whether there is another one than before. */
  const follow = (): boolean => {
    const threelo = find();
    if (threelo === undefined || threelo === followed) return false;
    followed?.removeEventListener('change', notify);
    threelo.addEventListener('change', notify);
    followed = threelo;
    return true;
  };
  let isFollowing = false;
  return Object.freeze({
    get version() {
      return use().version;
    },
    sites: async () => use().sites(),
    fetch: async (input, init) => use().fetch(input, init),
    can: async (input, init) => use().can(input, init),
    requestAccess: async (wanted) => use().requestAccess(wanted),
    disconnect: async () => use().disconnect(),
    addEventListener: (...args) => {
      events.addEventListener(...args);
      if (isFollowing) return;
      isFollowing = true;
      follow();
      page.addEventListener?.('threelo:ready', () => {
        if (follow()) notify();
      });
    },
    removeEventListener: (...args) => {
      events.removeEventListener(...args);
    },
  } satisfies Threelo);
}
