import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import type { SessionView } from '#wire/views.ts';
import type { ConnectDraft } from './connect-store.ts';
import { AccessChoice } from '#ui/sites/access-choice.tsx';
import { PathsField, pathsFieldId } from '#ui/sites/paths-field.tsx';
import { SiteChoices, type ChoosableSite } from '#ui/sites/site-choices.tsx';
import { TermsChoice } from '#ui/sites/terms-choice.tsx';
import { typedPaths } from '#ui/sites/typed-paths.ts';
import type { PopupStore } from './store.ts';

/** The sites and the access that the page is to get. After *Connect* the browser shows its permission prompt. */
export function ConnectPanel({ store }: { readonly store: PopupStore }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const { draft, state, toggleSite, change, close } = store.connection;
  const [isTouched, setIsTouched] = useState(false);
  if (draft.value === undefined) return null;
  const { origin, sites, access, isEveryPath, pathsText } = draft.value;
  const connect = (): void => {
    if (isEveryPath || typedPaths(pathsText).problem === undefined) {
      void store.connection.connect();
    } else {
      setIsTouched(true);
      document.getElementById(pathsFieldId)?.focus();
    }
  };
  const isAsking = state.value === 'asking';
  return (
    <section class="stack" aria-labelledby="connect-title">
      <div class="stack stack-tight">
        <h2 id="connect-title" ref={heading} tabIndex={-1}>
          {t('connect_title')}
        </h2>
        <span class="origin">{origin}</span>
      </div>
      <SiteChoices
        type="checkbox"
        sites={store.sessionsToConnect.value.flatMap(sitesOf)}
        selection={sites}
        onToggle={toggleSite}
      />
      <Terms
        store={store}
        draft={draft.value}
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
      {sites.length === 0 ? <p class="problem">{t('choose_a_site')}</p> : null}
      {state.value === 'refused' ? (
        <Notice tone="warn">
          <p>{t('page_refused')}</p>
        </Notice>
      ) : null}
      {isAsking ? <p role="status">{t('connecting')}</p> : null}
      <div class="row">
        <Button kind="primary" disabled={sites.length === 0 || isAsking} onClick={connect}>
          {t('connect')}
        </Button>
        <Button onClick={close}>{t('back')}</Button>
      </div>
    </section>
  );
}

interface TermsProps {
  readonly store: PopupStore;
  readonly draft: ConnectDraft;
  /** Whether the field for paths was left, or *Connect* was pressed: an empty one is a problem from then on. */
  readonly isTouched: boolean;
  readonly onTouch: () => void;
}

function Terms({ store, draft, isTouched, onTouch }: TermsProps) {
  const { change } = store.connection;
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

function sitesOf({ id, account, sites }: SessionView): ChoosableSite[] {
  return sites.map((site) => ({ ...site, sessionId: id, account }));
}
