import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { maxPostmanFileLength } from '../../extension/core/import/import-limits.ts';
import type { PostmanProblem } from '../../extension/core/import/postman/collection.ts';

/** Why an import cannot be read, besides what is wrong with a collection. */
export const sourceProblems = ['file_unreadable', 'too_many_chosen'] as const;
/** What is wrong with an import in words of its own: `import_problem_<name>`. */
export type ImportProblem = PostmanProblem | (typeof sourceProblems)[number];

/** A file as far as it is read. */
export type ReadableFile = Pick<File, 'name' | 'size' | 'text'>;

/** A text that is pasted, or read from a file. */
export interface ImportSource {
  readonly text: ReadonlySignal<string>;
  /** The name of the file that the text was read from; undefined for what was typed. */
  readonly fileName: ReadonlySignal<string | undefined>;
  /** Why the file that was chosen last is not the text. */
  readonly problem: ReadonlySignal<ImportProblem | undefined>;
  readonly type: (text: string) => void;
  /** The text becomes that of the file, unless it is too large or something was typed meanwhile. */
  readonly readFile: (file: ReadableFile) => Promise<void>;
}

/** See {@link ImportSource}. */
export function createImportSource(): ImportSource {
  const text = signal('');
  const fileName = signal<string | undefined>(undefined);
  const problem = signal<ImportProblem | undefined>(undefined);
  let changes = 0;

  function take(taken: string, from?: string): void {
    changes += 1;
    batch(() => {
      text.value = taken;
      fileName.value = from;
      problem.value = undefined;
    });
  }

  return {
    text,
    fileName,
    problem,
    type: (typed) => {
      take(typed);
    },
    readFile: async (file) => {
      const mine = (changes += 1);
      // A character takes one byte at least, so what passes here is not too long as a text either.
      const isTooLarge = file.size > maxPostmanFileLength;
      problem.value = isTooLarge ? 'too_large' : undefined;
      if (isTooLarge) return;
      try {
        const read = await file.text();
        if (mine === changes) take(read, file.name);
      } catch {
        // All that a browser says of it is that it cannot be read.
        if (mine === changes) problem.value = 'file_unreadable';
      }
    },
  };
}
