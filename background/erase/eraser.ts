import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import { within } from '../platform/within.ts';
import { beginErasing, eraseEverything } from './erase.ts';

/** Longest wait for the providers to revoke the tokens, in milliseconds. */
const revocationMs = 5000;

interface Dependencies {
  /** Sends revocation requests for all sessions. Never rejects. */
  readonly revokeAll: () => Promise<void>;
  readonly cancelSignIn: () => Promise<void>;
  /** Whose pages are connected. */
  readonly origins: () => readonly Origin[];
  /** From now on no page is served. */
  readonly stopServing: () => void;
  /** Ends calls and questions of an origin. */
  readonly end: (origin: Origin) => void;
  /** From now on the services cannot store anything. */
  readonly close: () => void;
  readonly world: World;
}

/**
 * Signs every session out where its provider has an endpoint for that, and erases everything. If the worker ends meanwhile, the next
 * start completes it.
 * @throws BrokerError `erase_failed`
 */
export function createEraser(dependencies: Dependencies): () => Promise<void> {
  const { revokeAll, cancelSignIn, origins, stopServing, end, close, world } = dependencies;
  return () =>
    world.withKeepAlive(async () => {
      await beginErasing(world);
      const connected = origins();
      stopServing();
      for (const origin of connected) end(origin);
      await Promise.allSettled([
        cancelSignIn(),
        notifyOpen(connected, world),
        within(revocationMs, revokeAll, world),
      ]);
      close();
      const erased = eraseEverything(world);
      world.restart(erased);
      await erased;
      world.notifyExtensionPages();
    });
}

/** Tells those pages that are open. An organization's policy may have connected thousands of others. */
async function notifyOpen(
  connected: readonly Origin[],
  { pages, notifyPages }: World,
): Promise<void> {
  const open = new Set(await pages.open());
  const told = connected.filter((origin) => open.has(origin));
  await Promise.all(told.map((origin) => notifyPages(origin, 'grant.ended')));
}
