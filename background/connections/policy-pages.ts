import type { Origin } from '#core/values/origin.ts';
import { coalesce } from '../platform/coalesce.ts';
import { heldPatterns } from '../platform/held-patterns.ts';
import type { World } from '../platform/world.ts';
import type { Connections } from './connected-pages.ts';

/** The pages that only the organization's policy connects. There may be thousands, so they are followed together. */
export interface PolicyPages extends Connections {
  /** Before anything is served: which of them the browser allows. */
  checkAll(): Promise<void>;
  /** Lets those have effect that the policy connects and the browser allows, and suspends the others. */
  followAll(): Promise<void>;
  /** Notifies all of them that are open that their sites changed. */
  notifyAll(): Promise<void>;
  /** The match patterns that the browser does not allow. */
  missing(): readonly string[];
}

interface Dependencies {
  /** The pages that only the policy connects. */
  readonly origins: () => readonly Origin[];
  readonly onSuspended: (origin: Origin) => void;
  readonly world: Pick<World, 'permissions' | 'pages' | 'notifyPages'>;
}

/** So many of the pages that end at once are told so; the calls of the others fail. */
const maxNotified = 100;

export function createPolicyPages({ origins, onSuspended, world }: Dependencies): PolicyPages {
  const { permissions, pages, notifyPages } = world;
  let allowed: ReadonlySet<Origin> = new Set();
  let missing: readonly string[] = [];
  const checkAll = async (): Promise<void> => {
    // What the browser does not answer is not served.
    const held = await allowedPatterns(origins(), permissions).catch(() => new Set<string>());
    const isHeld = (origin: Origin): boolean => held.has(permissions.patternOf(origin));
    const before = allowed;
    const wanted = origins();
    allowed = new Set(wanted.filter(isHeld));
    const lacking = wanted.filter((origin) => !isHeld(origin));
    missing = [...new Set(lacking.map((origin) => permissions.patternOf(origin)))];
    for (const origin of before) if (!allowed.has(origin)) onSuspended(origin);
  };
  const followAll = coalesce(async () => {
    const before = allowed;
    await checkAll();
    const ended = [...before].filter((origin) => !allowed.has(origin)).slice(0, maxNotified);
    const added = await pages.injectPolicy([...allowed]);
    const changed = added.slice(0, maxNotified);
    await Promise.all([
      ...ended.map((origin) => notifyPages(origin, 'grant.ended')),
      ...changed.map((origin) => notifyPages(origin, 'grant.changed')),
    ]);
  });
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    isActive: (origin) => allowed.has(origin),
    isAllowed: (origin) => permissions.has([permissions.patternOf(origin)]),
    check: nothing,
    begin: nothing,
    greet: async ({ origin, tabId, documentId }) => {
      if (tabId !== undefined && permissions.isWide(origin))
        await pages.injectShim({ tabId, documentId });
    },
    notify: (origin, event) => (allowed.has(origin) ? notifyPages(origin, event) : nothing()),
    forget: () => undefined,
    end: nothing,
    release: nothing,
    follow: nothing,
    checkAll,
    followAll,
    notifyAll: async () => {
      const open = await pages.open();
      const known = open.filter((origin) => allowed.has(origin));
      await Promise.all(known.map((origin) => notifyPages(origin, 'grant.changed')));
    },
    missing: () => missing,
  };
}

/** Those of the patterns of the origins that the browser allows. */
async function allowedPatterns(
  origins: readonly Origin[],
  permissions: World['permissions'],
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(origins.map((origin) => permissions.patternOf(origin)))];
  if (wanted.length === 0) return new Set();
  const held = new Set(await permissions.optional());
  // Most often all or none are held, and one question is enough. A wider pattern may hold some of the others.
  const others = wanted.filter((pattern) => !held.has(pattern));
  if (others.length > 0 && (await permissions.has(others))) return new Set(wanted);
  if (![...held].some((pattern) => /:\/\/\*/u.test(pattern))) return held;
  return new Set([...held, ...(await heldPatterns(others, permissions))]);
}
