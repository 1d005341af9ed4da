import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { longestPostmanFile } from '../extension/core/import-limits.ts';
import type { PostmanProblem } from '../extension/core/postman-collection.ts';

/** Why an import cannot be read, besides what is wrong with a collection. */
export const sourceProblems = ['file_unreadable', 'too_many_chosen'] as const;
/** What is wrong with an import in words of its own: `import_problem_<name>`. */
export type ImportProblem = PostmanProblem | (typeof sourceProblems)[number];

/** A file as far as it is read. */
export type ReadableFile = Pick<File, 'size' | 'text'>;

/** A text that is pasted, or read from a file. */
export interface ImportSource {
  readonly text: ReadonlySignal<string>;
  /** Why the file that was chosen last is not the text. */
  readonly problem: ReadonlySignal<ImportProblem | undefined>;
  readonly type: (text: string) => void;
  /** The text becomes that of the file, unless it is too large or something was typed meanwhile. */
  readonly readFile: (file: ReadableFile) => Promise<void>;
}

/** See {@link ImportSource}. */
export function createImportSource(): ImportSource {
  const text = signal('');
  const problem = signal<ImportProblem | undefined>(undefined);
  let changes = 0;

  function change(part: { readonly text?: string; readonly problem?: ImportProblem }): void {
    changes += 1;
    batch(() => {
      text.value = part.text ?? text.value;
      problem.value = part.problem;
    });
  }

  return {
    text,
    problem,
    type: (typed) => {
      change({ text: typed });
    },
    readFile: async (file) => {
      // A character takes one byte at least, so what passes here is not too long as a text either.
      const isTooLarge = file.size > longestPostmanFile;
      change(isTooLarge ? { problem: 'too_large' } : {});
      if (isTooLarge) return;
      const mine = changes;
      const read = await file.text().then(
        (content) => ({ text: content }),
        () => ({ problem: 'file_unreadable' as const }),
      );
      if (mine === changes) change(read);
    },
  };
}
