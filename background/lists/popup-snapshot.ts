import { isSameGrantedSite, type PageGrant } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import { keys } from '#storage/schema.ts';
import type { PageConnectionView, PopupSnapshot, PopupView } from '#wire/list-views.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';

/** Keeps what a popup needs first in `storage.session`: a popup shows it before the worker has started. */
export interface SnapshotWriter {
  /** What it shows may have changed: writes it a quarter of a second later, if it has. */
  plan(): void;
}

interface Dependencies {
  readonly popup: () => Promise<PopupView>;
  readonly connection: (grant: PageGrant) => Promise<PageConnectionView>;
  readonly grants: () => readonly PageGrant[];
  readonly denials: () => PopupSnapshot['denials'];
  readonly world: Pick<World, 'session' | 'after'>;
}

/** From the first change that is not stored to the next write, in milliseconds. */
const batchMs = 250;
/** The most that is stored. */
const limits = { pages: 200, denials: 200, sessions: 20, clients: 300 } as const;
/**
 * The most bytes of all of it. Servers choose how long a name is, and Chromium has room for 10 MB in `storage.session`, which
 * access tokens need too.
 */
export const maxSnapshotBytes = 1024 * 1024;

export function createSnapshotWriter(dependencies: Dependencies): SnapshotWriter {
  const { session, after } = dependencies.world;
  const enqueue = serialQueue();
  let isDue = false;
  let stored: string | undefined;
  const write = async (): Promise<void> => {
    const snapshot = await snapshotOf(dependencies);
    const text = JSON.stringify(snapshot);
    if (text === stored) return;
    stored = undefined;
    try {
      if (snapshot === undefined) await session.remove([keys.popup]);
      else await session.write({ [keys.popup]: snapshot });
      stored = text;
    } catch {
      // Nothing is better than what is no longer true.
      await session.remove([keys.popup]);
    }
  };
  return {
    plan: () => {
      if (isDue) return;
      isDue = true;
      after(batchMs, () => {
        isDue = false;
        enqueue(write).catch(() => undefined);
      });
    },
  };
}

/** Undefined when what it shows over every page has no room: then the popup waits for the worker. */
async function snapshotOf(dependencies: Dependencies): Promise<PopupSnapshot | undefined> {
  const { popup, connection, grants, denials } = dependencies;
  // What came of a connection is said once, by the worker.
  const { page: _page, denials: _denials, connectOutcome: _said, ...view } = await popup();
  const latest = grants()
    .toSorted((one, other) => other.grantedAtMs - one.grantedAtMs)
    .slice(0, limits.pages);
  const pages = await Promise.all(
    latest.map(async (grant): Promise<[Origin, PageConnectionView]> => {
      return [grant.origin, withoutCandidates(await connection(grant))];
    }),
  );
  const { needsPerson, clients } = view;
  const base = { ...view, needsPerson: { ...needsPerson, rows: [] }, clients: [] };
  const room = createRoom(maxSnapshotBytes);
  if (!room.has({ view: base, denials: [], pages: {} })) return undefined;
  const rows = needsPerson.rows.slice(0, limits.sessions).filter(room.has);
  return {
    view: {
      ...base,
      needsPerson: { ...needsPerson, rows },
      clients: clients.slice(0, limits.clients).filter(room.has),
    },
    denials: denials().slice(-limits.denials).filter(room.has),
    pages: Object.fromEntries(pages.filter(room.has)),
  };
}

/** A number of bytes, of which each value that there is room for takes what it has as JSON. */
function createRoom(bytes: number) {
  const encoder = new TextEncoder();
  let left = bytes;
  return {
    has: (value: unknown): boolean => {
      // With the comma after it.
      const size = encoder.encode(JSON.stringify(value)).length + 1;
      if (size > left) return false;
      left -= size;
      return true;
    },
  };
}

/** Of the sites that can be chosen, those that are chosen: there may be hundreds. */
function withoutCandidates(page: PageConnectionView): PageConnectionView {
  const choices = page.choices.map((choice) => ({
    ...choice,
    candidates: choice.chosen === undefined ? [] : [choice.chosen],
  }));
  const isChosen = (site: PageConnectionView['choosable'][number]): boolean =>
    choices.some(({ chosen }) => chosen !== undefined && isSameGrantedSite(chosen, site));
  return { ...page, choices, choosable: page.choosable.filter(isChosen) };
}
