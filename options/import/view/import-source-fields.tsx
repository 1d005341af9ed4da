import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Problem } from '#ui/controls/field.tsx';
import { t } from '#ui/i18n.ts';
import type { ImportProblem, ImportSource } from '../import-source.ts';

interface ImportSourceFieldsProps {
  /** Unique in the document; `-file`, `-text` and their problems are derived from it. */
  readonly id: string;
  readonly source: ImportSource;
  readonly fileLabel: string;
  readonly textLabel: string;
  /** Whether the text of a file is not shown. */
  readonly isFileHidden: boolean;
  /** The problem of the text. */
  readonly problem?: ImportProblem | undefined;
}

/** A file input, and a text area to paste the text instead. */
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
          // Otherwise the input would still show the name of a file that is not used.
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
      <Problem id={id} text={problemText(problem)} />
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
        // Cleared so that choosing a corrected file of the same name is a change.
        onClick={(event) => {
          event.currentTarget.value = '';
        }}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) void source.readFile(file);
        }}
      />
      <Problem id={id} text={problemText(problem)} />
    </div>
  );
}

function problemText(problem: ImportProblem | undefined): string | undefined {
  return problem === undefined ? undefined : t(`import_problem_${problem}`);
}
