import type { World } from '../platform/world.ts';

/** The revision that says that an erasure began. It is in the key store, which is erased last and at once. */
const mark = 'erasing';

type EraseWorld = Pick<World, 'keyStore' | 'erase' | 'pages' | 'permissions' | 'alerts' | 'alarms'>;

/** Whether an erasure began and did not end. */
export async function isErasing({ keyStore }: Pick<World, 'keyStore'>): Promise<boolean> {
  // In Firefox a content script can write to `storage.local`, so the mark is not there.
  const revision = await keyStore.lowestRevision(mark).catch(() => 0);
  return revision > 0;
}

/** From now on the erasure is completed at the next start, if it does not end before. */
export async function beginErasing({ keyStore }: Pick<World, 'keyStore'>): Promise<void> {
  // Without the mark an erasure that is cut short is not completed. It begins anyway.
  await keyStore.raiseRevision(mark, 1).catch(() => undefined);
}

/**
 * Erases all that the extension stored, and what the browser holds for it. Can be repeated: the mark goes last, with the keys,
 * without which nothing that might be left can be decrypted.
 * @throws the error of the storage that could not be erased; then the mark remains
 */
export async function eraseEverything(world: EraseWorld): Promise<void> {
  const { erase, pages, permissions, alerts, alarms } = world;
  // These change nothing that is stored, and one that fails must not keep the rest.
  await Promise.allSettled([
    pages.stopAll(),
    permissions.releaseAll(),
    alerts.clearAll(),
    alarms.clearAll(),
  ]);
  // One that cannot be erased must not keep the others either.
  const stored = await Promise.allSettled([erase.session(), erase.mirror(), erase.local()]);
  for (const one of stored) if (one.status === 'rejected') throw one.reason;
  await erase.keys();
}

/** Erases everything without the services, e.g. because what is stored cannot be read. */
export async function eraseUnread(world: EraseWorld): Promise<void> {
  await beginErasing(world);
  await eraseEverything(world);
}
