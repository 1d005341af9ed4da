import type { TabTexts } from './tab-texts.ts';

/** What one tab keeps, until everything is erased in this tab or in another. */
export interface TabStorage extends TabTexts {
  /** Everything was erased: from now on no tab keeps anything that was typed. They load again. */
  readonly forgetAll: () => void;
  /** To be called when what the tabs share has changed, and when the tab is shown again. */
  readonly follow: () => void;
  /** Whether what was typed is gone, and the tab about to load again: nothing in it is worth a question. */
  readonly isForgotten: () => boolean;
  /** Whether this tab erased everything just before it was loaded; true once. */
  readonly wasErasedHere: () => boolean;
}

type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear'>;

/** Dependencies, of one tab. */
interface TabPorts {
  /** `sessionStorage`. Throws where the person's settings of the browser allow no such storage. */
  readonly tab: () => Area;
  /** `localStorage`, which all tabs of the options have in common. Throws as well. */
  readonly shared: () => Area;
  readonly newId: () => string;
  readonly reload: () => void;
}

/** In both areas: which erasure was the last. It says nothing of what was erased. */
const lastErasure = 'last-erasure';
const erasedHere = 'erased-here';

/**
 * What is typed and not saved is kept in the `sessionStorage` of each tab, to which no other tab and no worker has access. So an
 * erasure leaves its id in `localStorage`, and a tab that has another one clears its own: at once, or, if it was discarded or
 * closed by then, when it is loaded again.
 */
export function createTabStorage({ tab, shared, newId, reload }: TabPorts): TabStorage {
  let isForgotten = false;

  /** Clears what was kept before the last erasure. */
  function clearOutdated(): boolean {
    const last = shared().getItem(lastErasure);
    if (last === null || last === tab().getItem(lastErasure)) return false;
    tab().clear();
    tab().setItem(lastErasure, last);
    return true;
  }

  const follow = (): void => {
    // The forms of this page still have what was typed, and would keep it again.
    isForgotten ||= attempt(clearOutdated) === true;
    if (isForgotten) reload();
  };
  attempt(clearOutdated);
  return {
    read: (name) => tab().getItem(name) ?? undefined,
    write: (name, text) => {
      if (!isForgotten) tab().setItem(name, text);
    },
    forgetAll: () => {
      attempt(() => {
        shared().setItem(lastErasure, newId());
        clearOutdated();
        tab().setItem(erasedHere, 'true');
      });
      // Without a storage nothing was kept, but the forms still have what was typed.
      isForgotten = true;
      reload();
    },
    follow,
    isForgotten: () => isForgotten,
    wasErasedHere: () => {
      const was = attempt(() => tab().getItem(erasedHere) !== null) === true;
      if (was) tab().removeItem(erasedHere);
      return was;
    },
  };
}

/** Undefined where there is no storage. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
