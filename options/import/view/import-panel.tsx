import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ImportEntryView } from '../import-preview.ts';
import type { ImportFailure } from '../preview-store.ts';
import type { TransferStore } from '../transfer-store.ts';
import { FaultLabel } from './fault-label.tsx';
import { ImportPreview } from './import-preview.tsx';
import { ImportSourceFields } from './import-source-fields.tsx';

interface TransferProps {
  readonly transfer: TransferStore;
}

/** The panel that imports clients from a file or a pasted text. */
export function ImportPanel({ transfer }: TransferProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  return (
    <section class="card stack import" aria-labelledby="import-title">
      <h2 id="import-title" ref={title} tabIndex={-1}>
        {t('import_title')}
      </h2>
      <p class="muted">{t('import_hint')}</p>
      <ImportSourceFields
        id="import"
        source={transfer.source}
        fileLabel={t('import_file')}
        textLabel={t('import_text')}
        isFileHidden={transfer.preview.format.value === 'postman'}
      />
      <ImportSteps transfer={transfer} />
    </section>
  );
}

/** The environment of a Postman collection, the preview with the choice, and the buttons. */
function ImportSteps({ transfer }: TransferProps) {
  const { format, environment, found, failure, isBusy, choice, runPreview, runImport } =
    transfer.preview;
  const reason = failure.value;
  const isOfEnvironment =
    reason !== undefined && 'problem' in reason && reason.problem === 'environment_invalid';
  return (
    <>
      {format.value === 'postman' ? (
        <fieldset class="stack" aria-describedby="import-environment-hint">
          <legend>{t('import_environment')}</legend>
          <p id="import-environment-hint" class="muted small">
            {t('import_environment_hint')}
          </p>
          <ImportSourceFields
            id="import-environment"
            source={environment}
            fileLabel={t('import_environment_file')}
            textLabel={t('import_environment_text')}
            isFileHidden
            problem={isOfEnvironment ? reason.problem : undefined}
          />
        </fieldset>
      ) : null}
      {found.value === undefined ? null : <ImportPreview found={found.value} choice={choice} />}
      <FailureNotice
        failure={isOfEnvironment ? undefined : reason}
        entries={found.value?.entries}
      />
      <div class="row">
        {/* Different keys, so that a double click on one button does not click the other. */}
        {found.value === undefined ? (
          <Button
            key="preview"
            kind="primary"
            disabled={transfer.source.text.value.trim() === ''}
            aria-busy={isBusy.value}
            onClick={() => void runPreview()}
          >
            {t('preview')}
          </Button>
        ) : (
          <Button
            key="import-chosen"
            kind="primary"
            aria-busy={isBusy.value}
            disabled={choice.chosen.value.size === 0}
            onClick={() => void runImport()}
          >
            {t('import')}
          </Button>
        )}
        <Button onClick={transfer.closeImport}>{t('cancel')}</Button>
      </div>
    </>
  );
}

/** Why an import failed, and what to do. */
function FailureNotice({
  failure,
  entries,
}: {
  readonly failure: ImportFailure | undefined;
  readonly entries: readonly ImportEntryView[] | undefined;
}) {
  if (failure === undefined) return null;
  if ('fault' in failure)
    return (
      <FaultNotice
        fault={failure.fault}
        labelOf={(field) => <FaultLabel field={field} entries={entries} />}
      />
    );
  return (
    <Notice tone="error">
      <p>{t(`import_problem_${failure.problem}`)}</p>
    </Notice>
  );
}
