import type { World } from '../platform/world.ts';

/** Pictures of sites as data URLs: the extension's pages load nothing from the network. */
export interface Avatars {
  /** The picture if it is here already; else it is fetched, and the pages are told when it came. */
  get(url: string | undefined): string | undefined;
  /** Reads the pictures that an earlier worker fetched. */
  load(): Promise<void>;
}

const storageKey = 'avatars';
/** The largest picture kept, in bytes. */
const largestBytes = 65_536;
const mostPictures = 200;
const imageType = /^image\/(png|jpeg|gif|webp)$/u;

/** See {@link Avatars}. */
export function createAvatars(
  world: Pick<World, 'fetch' | 'session' | 'notifyExtensionPages'>,
): Avatars {
  const pictures = new Map<string, string>();
  const asked = new Set<string>();
  const fetchPicture = async (url: string): Promise<void> => {
    const picture = await pictureOf(url, world.fetch);
    if (picture === undefined || pictures.size >= mostPictures) return;
    pictures.set(url, picture);
    await world.session
      .write({ [storageKey]: Object.fromEntries(pictures) })
      .catch(() => undefined);
    world.notifyExtensionPages();
  };
  return {
    get: (url) => {
      if (url === undefined) return undefined;
      const picture = pictures.get(url);
      if (picture === undefined && !asked.has(url)) {
        asked.add(url);
        void fetchPicture(url);
      }
      return picture;
    },
    load: async () => {
      const stored = await world.session.read(storageKey);
      if (typeof stored !== 'object' || stored === null) return;
      for (const [url, picture] of Object.entries(stored)) {
        if (typeof picture === 'string' && picture.startsWith('data:image/'))
          pictures.set(url, picture);
      }
    },
  };
}

async function pictureOf(url: string, fetch: World['fetch']): Promise<string | undefined> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return undefined;
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(url, { signal, redirect: 'error', credentials: 'omit' });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || !imageType.test(type) || bytes.length > largestBytes) return undefined;
    return `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
  } catch {
    // A site without a picture is shown with its initials.
    return undefined;
  }
}
