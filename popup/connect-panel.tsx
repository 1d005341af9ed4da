import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { AccessChoice } from '#ui/sites/access-choice.tsx';
import { PathsField, pathsFieldId } from '#ui/sites/paths-field.tsx';
import { SelectedSites } from '#ui/sites/selected-sites.tsx';
import { SiteList } from '#ui/sites/site-list.tsx';
import { TermsChoice } from '#ui/sites/terms-choice.tsx';
import { typedPaths } from '#ui/sites/typed-paths.ts';
import type { ConnectDraft, ConnectStore } from './connect-store.ts';

interface ConnectPanelProps {
  readonly store: { readonly connection: ConnectStore };
}

/**
 * The sites and the access that the page is to get. Only the list scrolls. After *Connect* the browser shows its permission
 * prompt.
 */
export function ConnectPanel({ store: { connection } }: ConnectPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const draft = connection.draft.value;
  if (draft === undefined) return null;
  return (
    <section class="connect sites-between" aria-labelledby="connect-title">
      <div class="connect-head stack stack-tight">
        <h2 id="connect-title" ref={heading} tabIndex={-1}>
          {t('connect_title')}
        </h2>
        <span class="origin">{draft.origin}</span>
      </div>
      <SiteList list={draft.list} access={draft.access} />
      <ConnectForm connection={connection} draft={draft} />
    </section>
  );
}

interface FormProps {
  readonly connection: ConnectStore;
  readonly draft: ConnectDraft;
}

/** What is chosen beside the sites, and the buttons. */
function ConnectForm({ connection, draft }: FormProps) {
  const { state, change, close } = connection;
  const [isTouched, setIsTouched] = useState(false);
  const { access, isEveryPath, pathsText } = draft;
  const sites = draft.list.chosen.value;
  const connect = (): void => {
    if (isEveryPath || typedPaths(pathsText).problem === undefined) {
      void connection.connect();
    } else {
      setIsTouched(true);
      document.getElementById(pathsFieldId)?.focus();
    }
  };
  const isAsking = state.value === 'asking';
  return (
    <div class="connect-form">
      <SelectedSites sites={sites} missingText={t('choose_a_site')} />
      <Terms
        connection={connection}
        draft={draft}
        isTouched={isTouched}
        onTouch={() => {
          setIsTouched(true);
        }}
      />
      <AccessChoice
        access={access}
        sites={sites}
        onChange={(chosen) => {
          change({ access: chosen });
        }}
      />
      {state.value === 'refused' ? (
        <Notice tone="warn">
          <p>{t('page_refused')}</p>
        </Notice>
      ) : null}
      {isAsking ? <p role="status">{t('connecting')}</p> : null}
      <div class="row row-end">
        <Button onClick={close}>{t('back')}</Button>
        <Button kind="primary" disabled={sites.length === 0 || isAsking} onClick={connect}>
          {t('connect')}
        </Button>
      </div>
    </div>
  );
}

interface TermsProps extends FormProps {
  /** Whether the field for paths was left, or *Connect* was pressed: an empty one is a problem from then on. */
  readonly isTouched: boolean;
  readonly onTouch: () => void;
}

function Terms({ connection: { change }, draft, isTouched, onTouch }: TermsProps) {
  const { paths, problem } = typedPaths(draft.pathsText);
  const isProblemShown = problem !== undefined && (isTouched || paths.length > 0);
  return (
    <>
      <TermsChoice
        duration={draft.duration}
        onDuration={(duration) => {
          change({ duration });
        }}
        isEveryPath={draft.isEveryPath}
        somePathsText={t('paths_some')}
        onEveryPath={(isEveryPath) => {
          change({ isEveryPath });
        }}
      />
      {draft.isEveryPath ? null : (
        <PathsField
          text={draft.pathsText}
          problem={isProblemShown ? t(...problem) : undefined}
          onInput={(pathsText) => {
            change({ pathsText });
          }}
          onBlur={onTouch}
        />
      )}
    </>
  );
}
