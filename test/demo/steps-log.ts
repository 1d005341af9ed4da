/** Thrown when a step failed; it was printed already. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** Tells step by step what was done and what came back. */
export interface StepsLog {
  /** Runs one step; what it resolves to is printed behind its name. */
  step<T>(name: string, act: () => Promise<Told<T>>): Promise<T>;
}

/** What a step yields, and the words for it. */
export interface Told<T> {
  readonly value: T;
  readonly words: string;
}

/** Starts to count. */
export function openStepsLog(print = (line: string): void => console.log(line)): StepsLog {
  let number = 0;
  return {
    step: async (name, act) => {
      number += 1;
      try {
        const { value, words } = await act();
        print(`✓ ${number} ${name} … ${words}`);
        return value;
      } catch (error) {
        print(`✗ ${number} ${name} … ${error instanceof Error ? error.message : String(error)}`);
        throw new StepFailed(name, { cause: error });
      }
    },
  };
}
