import { BrokerError } from '#core/values/fault.ts';
import type { World } from '../platform/world.ts';
import { settledInTime } from '../storage/timed-area.ts';

/** The revision that says that an erasure began. It is in the key store, which is erased last and at once. */
const mark = 'erasing';

type EraseWorld = Pick<
  World,
  'keyStore' | 'erase' | 'pages' | 'permissions' | 'alerts' | 'alarms' | 'after'
>;

/** Whether an erasure began and did not end. */
export async function isErasing({ keyStore }: Pick<World, 'keyStore'>): Promise<boolean> {
  // In Firefox a content script can write to `storage.local`, so the mark is not there.
  const revision = await keyStore.lowestRevision(mark).catch(() => 0);
  return revision > 0;
}

/** From now on the erasure is completed at the next start, if it does not end before. */
export async function beginErasing({
  keyStore,
  after,
}: Pick<World, 'keyStore' | 'after'>): Promise<void> {
  // Without the mark an erasure that is cut short is not completed. It begins anyway.
  await settledInTime(keyStore.raiseRevision(mark, 1), after).catch(() => undefined);
}

/**
 * Erases all that the extension stored, and what the browser holds for it. Can be repeated: the mark goes last, with the keys,
 * without which nothing that might be left can be decrypted.
 * @throws BrokerError `erase_failed` when a storage refuses or does not answer within 10 s; then the mark remains, if it could be set
 */
export async function eraseEverything(world: EraseWorld): Promise<void> {
  const { erase, pages, permissions, alerts, alarms, after } = world;
  // These change nothing that is stored, and one that fails must not keep the rest.
  await Promise.allSettled([
    pages.stopAll(),
    permissions.releaseAll(),
    alerts.clearAll(),
    alarms.clearAll(),
  ]);
  // One that cannot be erased must not keep the others either.
  const stored = await Promise.allSettled(
    [erase.session(), erase.mirror(), erase.local()].map((one) => settledInTime(one, after)),
  );
  for (const one of stored) if (one.status === 'rejected') eraseFailed(one.reason);
  await settledInTime(erase.keys(), after).catch(eraseFailed);
}

function eraseFailed(cause: unknown): never {
  throw new BrokerError('erase_failed', {}, { cause });
}

/** Erases everything without the services, e.g. because what is stored cannot be read. */
export async function eraseUnread(world: EraseWorld): Promise<void> {
  await beginErasing(world);
  await eraseEverything(world);
}
