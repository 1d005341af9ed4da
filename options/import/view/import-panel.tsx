import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ImportFailure } from '../postman-store.ts';
import type { TransferStore } from '../transfer-store.ts';
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
        isFileHidden={transfer.format.value === 'postman'}
      />
      {transfer.format.value === 'postman' ? (
        <PostmanPart transfer={transfer} />
      ) : (
        <ClientsPart transfer={transfer} />
      )}
    </section>
  );
}

/** For JSON of Threelo or Data Center: imports all clients at once, or none. */
function ClientsPart({ transfer }: TransferProps) {
  return (
    <>
      <FailureNotice failure={transfer.failure.value} />
      <div class="row">
        <Button
          key="import"
          kind="primary"
          disabled={transfer.source.text.value.trim() === ''}
          onClick={() => void transfer.runImport()}
        >
          {t('import')}
        </Button>
        <Button onClick={transfer.closeImport}>{t('cancel')}</Button>
      </div>
    </>
  );
}

/** For a Postman collection: the environment, the preview and the choice. */
function PostmanPart({ transfer }: TransferProps) {
  const { environment, found, failure, isBusy, choice, runPreview, runImport } = transfer.postman;
  const reason = failure.value;
  const isOfEnvironment =
    reason !== undefined && 'problem' in reason && reason.problem === 'environment_invalid';
  return (
    <>
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
      {found.value === undefined ? null : (
        <ImportPreview found={found.value} postman={transfer.postman} />
      )}
      <FailureNotice failure={isOfEnvironment ? undefined : reason} />
      <div class="row">
        {/* Different keys, so that a double click on one button does not click the other. */}
        {found.value === undefined ? (
          <Button
            key="preview"
            kind="primary"
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
function FailureNotice({ failure }: { readonly failure: ImportFailure | undefined }) {
  if (failure === undefined) return null;
  if ('fault' in failure) return <FaultNotice fault={failure.fault} />;
  return (
    <Notice tone="error">
      <p>{t(`import_problem_${failure.problem}`)}</p>
    </Notice>
  );
}
