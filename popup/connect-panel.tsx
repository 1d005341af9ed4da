import type { ComponentChildren } from 'preact';
import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { SelectedSites } from '#ui/sites/selected-sites.tsx';
import { SiteList } from '#ui/sites/site-list.tsx';
import { checkPaths, TermsForm } from '#ui/sites/terms-form.tsx';
import type { PopupView } from '#wire/list-views.ts';
import type { ConnectDraft, ConnectStore } from './connect-store.ts';

interface ConnectPanelProps {
  readonly store: {
    readonly connection: ConnectStore;
    readonly view: ReadonlySignal<Pick<PopupView, 'mayLast'> | undefined>;
  };
  /** What came of an earlier choice. */
  readonly children?: ComponentChildren;
}

/**
 * The sites and the access that the page is to get. Only the list scrolls. After *Connect* the browser shows its permission
 * prompt.
 */
export function ConnectPanel({ store: { connection, view }, children }: ConnectPanelProps) {
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
        {children}
      </div>
      <SiteList list={draft.list} access={draft.access} />
      <ConnectForm connection={connection} draft={draft} mayLast={view.value?.mayLast !== false} />
    </section>
  );
}

interface FormProps {
  readonly connection: ConnectStore;
  readonly draft: ConnectDraft;
  readonly mayLast: boolean;
}

/** What is chosen beside the sites, and the buttons. */
function ConnectForm({ connection, draft, mayLast }: FormProps) {
  const { state, change, close } = connection;
  const [isSubmitted, setIsSubmitted] = useState(false);
  const sites = draft.list.chosen.value;
  const connect = (): void => {
    setIsSubmitted(true);
    if (checkPaths(draft)) void connection.connect();
  };
  const isAsking = state.value === 'asking';
  return (
    <div class="connect-form">
      <SelectedSites sites={sites} missingText={t('choose_a_site')} />
      <TermsForm
        terms={draft}
        mayLast={mayLast}
        sites={sites}
        onChange={change}
        isSubmitted={isSubmitted}
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
