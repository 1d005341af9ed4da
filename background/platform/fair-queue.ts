/** How many entries may have a place at the same time. */
export interface Places {
  readonly inAll: number;
  /** Of one key. Less than `inAll`, so that no key alone can hold every place. */
  readonly ofKey: number;
}

/** Gives a limited number of places to the entries that wait. The keys are served in turn. */
export interface FairQueue<K> {
  /**
   * Waits for a place; resolves to the function that frees it.
   * @param isFirst - goes ahead of the entries of its key that wait without it
   * @throws the reason of the signal, when it is aborted during the wait; the entry then leaves the queue at once
   */
  enter(key: K, options: { signal: AbortSignal; isFirst?: boolean }): Promise<() => void>;
}

export function fairQueue<K>({ inAll, ofKey }: Places): FairQueue<K> {
  const waiting = createTurns<K, () => void>();
  const taken = new Map<K, number>();
  let takenInAll = 0;
  const count = (key: K, change: 1 | -1): void => {
    takenInAll += change;
    const ofThisKey = (taken.get(key) ?? 0) + change;
    if (ofThisKey === 0) taken.delete(key);
    else taken.set(key, ofThisKey);
  };
  const serve = (): void => {
    while (takenInAll < inAll) {
      const begin = waiting.next((key) => (taken.get(key) ?? 0) < ofKey);
      if (begin === undefined) return;
      begin();
    }
  };
  return {
    enter: (key, { signal, isFirst = false }) => {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      if (signal.aborted) reject(signal.reason as Error);
      else {
        const leave = (): void => {
          waiting.remove(key, begin);
          reject(signal.reason as Error);
        };
        const begin = (): void => {
          signal.removeEventListener('abort', leave);
          count(key, 1);
          resolve(
            once(() => {
              count(key, -1);
              serve();
            }),
          );
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(key, begin, isFirst);
        serve();
      }
      return promise;
    },
  };
}

/** Entries that wait, by key: the keys take turns, the entries of a key are in order. */
export interface Turns<K, E> {
  /** @param isFirst - ahead of the entries of the key that were added without it */
  add(key: K, entry: E, isFirst: boolean): void;
  remove(key: K, entry: E): void;
  /** Removes and returns the first entry of the key whose turn it is, among the keys that `mayServe` accepts. */
  next(mayServe: (key: K) => boolean): E | undefined;
}

export function createTurns<K, E>(): Turns<K, E> {
  // In the order of their turns: a key that was served moves to the end.
  const lanes = new Map<K, { readonly first: Set<E>; readonly others: Set<E> }>();
  const removeIfEmpty = (key: K): void => {
    const lane = lanes.get(key);
    if (lane?.first.size === 0 && lane.others.size === 0) lanes.delete(key);
  };
  return {
    add: (key, entry, isFirst) => {
      const lane = lanes.get(key) ?? { first: new Set(), others: new Set() };
      (isFirst ? lane.first : lane.others).add(entry);
      lanes.set(key, lane);
    },
    remove: (key, entry) => {
      const lane = lanes.get(key);
      lane?.first.delete(entry);
      lane?.others.delete(entry);
      removeIfEmpty(key);
    },
    next: (mayServe) => {
      for (const [key, lane] of lanes) {
        if (!mayServe(key)) continue;
        const from = lane.first.size > 0 ? lane.first : lane.others;
        const [entry] = from;
        if (entry === undefined) continue;
        from.delete(entry);
        lanes.delete(key);
        lanes.set(key, lane);
        removeIfEmpty(key);
        return entry;
      }
      return undefined;
    },
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
