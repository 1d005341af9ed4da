/** Runs work one after another, in the order in which it was handed in; a failure stops nothing. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** A new row of turns. */
export function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
