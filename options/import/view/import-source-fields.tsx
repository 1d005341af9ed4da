import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Problem } from '../../../extension/ui/controls/field.tsx';
import { t } from '../../../extension/ui/i18n.ts';
import type { ImportProblem, ImportSource } from '../import-source.ts';

interface ImportSourceFieldsProps {
  /** Unique in the document; `-file`, `-text` and their problems are derived from it. */
  readonly id: string;
  readonly source: ImportSource;
  readonly fileLabel: string;
  readonly textLabel: string;
  /** What was read from a file is taken and not shown. */
  readonly isFileHidden: boolean;
  /** What is wrong with the text. */
  readonly problem?: ImportProblem | undefined;
}

/** A file to choose, or its text to paste. */
export function ImportSourceFields(props: ImportSourceFieldsProps) {
  const { id, source, fileLabel } = props;
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <FileField id={`${id}-file`} label={fileLabel} source={source} input={file} />
      <PastedText
        {...props}
        id={`${id}-text`}
        onType={(text) => {
          source.type(text);
          // It would go on to show the name of a file that is not taken.
          if (file.current !== null) file.current.value = '';
        }}
      />
    </>
  );
}

interface PastedTextProps extends ImportSourceFieldsProps {
  readonly onType: (text: string) => void;
}

function PastedText(props: PastedTextProps) {
  const { id, source, textLabel, isFileHidden, problem, onType } = props;
  const hidden = isFileHidden ? source.fileName.value : undefined;
  return (
    <div class="field">
      <label for={id}>{textLabel}</label>
      <textarea
        id={id}
        class="input input-code"
        spellcheck={false}
        autocomplete="off"
        value={hidden === undefined ? source.text.value : ''}
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={`${id}-hint ${id}-problem`}
        onInput={(event) => {
          onType(event.currentTarget.value);
        }}
      />
      <span id={`${id}-hint`} class="muted small" hidden={hidden === undefined}>
        {hidden === undefined ? null : t('import_file_hidden', hidden)}
      </span>
      <Problem id={id} text={wordsOf(problem)} />
    </div>
  );
}

interface FileFieldProps extends Pick<ImportSourceFieldsProps, 'id' | 'source'> {
  readonly label: string;
  readonly input: RefObject<HTMLInputElement | null>;
}

function FileField({ id, label, source, input }: FileFieldProps) {
  const problem = source.problem.value;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={`${id}-problem`}
        // A file that was put right under its old name is a change, too.
        onClick={(event) => {
          event.currentTarget.value = '';
        }}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) void source.readFile(file);
        }}
      />
      <Problem id={id} text={wordsOf(problem)} />
    </div>
  );
}

function wordsOf(problem: ImportProblem | undefined): string | undefined {
  return problem === undefined ? undefined : t(`import_problem_${problem}`);
}
