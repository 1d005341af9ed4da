import { readBytes } from '#oauth/read-body.ts';
import { keys } from '#storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';

/** Images of sites as data URLs: the extension's pages load nothing from the network. */
export interface Avatars {
  /** The image if it is loaded; else starts to fetch it, and notifies the extension's pages when it is loaded. */
  get(url: string | undefined): string | undefined;
  /** Loads the images that an earlier worker stored. */
  load(): Promise<void>;
}

/** Maximum size of an image, in bytes. */
const maxBytes = 65_536;
const maxImages = 200;
const fetchLimitMs = 10_000;
const imageType = /^image\/(png|jpeg|gif|webp)$/u;

export function createAvatars(
  world: Pick<World, 'fetch' | 'after' | 'session' | 'notifyExtensionPages'>,
): Avatars {
  const images = new Map<string, string>();
  const requested = new Set<string>();
  const fetchAndStore = async (url: string): Promise<void> => {
    const image = await fetchImage(url, world);
    if (image === undefined || images.size >= maxImages) return;
    images.set(url, image);
    await world.session
      .write({ [keys.avatars]: Object.fromEntries(images) })
      .catch(() => undefined);
    world.notifyExtensionPages();
  };
  return {
    get: (url) => {
      if (url === undefined) return undefined;
      const image = images.get(url);
      if (image === undefined && !requested.has(url)) {
        requested.add(url);
        void fetchAndStore(url);
      }
      return image;
    },
    load: async () => {
      const stored = await world.session.read(keys.avatars);
      if (typeof stored !== 'object' || stored === null) return;
      for (const [url, image] of Object.entries(stored)) {
        if (typeof image === 'string' && image.startsWith('data:image/')) images.set(url, image);
      }
    },
  };
}

async function fetchImage(
  url: string,
  world: Pick<World, 'fetch' | 'after'>,
): Promise<string | undefined> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return undefined;
  const limit = deadline(world, fetchLimitMs);
  try {
    const { signal } = limit;
    const response = await world.fetch(url, { signal, redirect: 'error', credentials: 'omit' });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    if (!response.ok || !imageType.test(type)) {
      await response.body?.cancel();
      return undefined;
    }
    const bytes = await readBytes(response, { maxBytes, signal });
    return `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
  } catch {
    // A site without an image is shown with its initials.
    return undefined;
  } finally {
    limit.release();
  }
}
