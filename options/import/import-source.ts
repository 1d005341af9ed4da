import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { maxPostmanFileLength } from '#core/import/import-limits.ts';
import type { PostmanProblem } from '#core/import/postman/collection.ts';

/** Why an import cannot be read, besides the problems of a collection. */
export const sourceProblems = ['file_unreadable', 'too_many_chosen'] as const;
/** A problem of an import with its own text, under the message key `import_problem_<name>`. */
export type ImportProblem = PostmanProblem | (typeof sourceProblems)[number];

/** The members of a file that are read. */
export type ReadableFile = Pick<File, 'name' | 'size' | 'text'>;

/** A text that is pasted, or read from a file. */
export interface ImportSource {
  readonly text: ReadonlySignal<string>;
  /** The name of the file that the text was read from; undefined for what was typed. */
  readonly fileName: ReadonlySignal<string | undefined>;
  /** Why the file that was chosen last could not be read. */
  readonly problem: ReadonlySignal<ImportProblem | undefined>;
  readonly type: (text: string) => void;
  /** Replaces the text by that of the file, unless the file is too large or the text was changed meanwhile. */
  readonly readFile: (file: ReadableFile) => Promise<void>;
}

export function createImportSource(): ImportSource {
  const text = signal('');
  const fileName = signal<string | undefined>(undefined);
  const problem = signal<ImportProblem | undefined>(undefined);
  let changes = 0;

  function setText(newText: string, newFileName?: string): void {
    changes += 1;
    batch(() => {
      text.value = newText;
      fileName.value = newFileName;
      problem.value = undefined;
    });
  }

  return {
    text,
    fileName,
    problem,
    type: (typed) => {
      setText(typed);
    },
    readFile: async (file) => {
      const ownChange = (changes += 1);
      // A character takes at least one byte, so a file within the limit is not too long as a text either.
      const isTooLarge = file.size > maxPostmanFileLength;
      problem.value = isTooLarge ? 'too_large' : undefined;
      if (isTooLarge) return;
      try {
        const read = await file.text();
        if (ownChange === changes) setText(read, file.name);
      } catch {
        // The browser reports no details.
        if (ownChange === changes) problem.value = 'file_unreadable';
      }
    },
  };
}
