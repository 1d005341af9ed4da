import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { accountName } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { GrantTerms } from '#ui/grants/grant-terms.tsx';
import { DefaultSites } from '#ui/grants/default-sites.tsx';
import { dateTime, numberText, t } from '#ui/i18n.ts';
import { ActionNotices } from '#ui/notices/banners.tsx';
import { siteName } from '#ui/notices/site-label.tsx';
import { servingProblem } from '#ui/notices/site-problem.ts';
import { NamedSites, SelectedSites } from '#ui/sites/selected-sites.tsx';
import { SiteList } from '#ui/sites/site-list.tsx';
import { checkPaths, TermsForm } from '#ui/sites/terms-form.tsx';
import type { GrantRow } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import { granteeText } from '#ui/state/grant-actions.ts';
import { AskingPanel } from '../items/asking-panel.tsx';
import type { GrantForm } from './grant-form.ts';
import type { PagesStore } from './pages-store.ts';

interface PagePanelProps {
  readonly row: GrantRow;
  readonly grant: GrantView;
  readonly form: GrantForm;
  readonly store: PagesStore;
  readonly onDisconnected: () => void;
}

/** Everything about one connection, to be changed in place. */
export function PagePanel(props: PagePanelProps) {
  const { row, grant, store } = props;
  if (grant.isManaged === true) return <ManagedPage {...props} />;
  return (
    <>
      <SiteProblems row={row} />
      <ConnectionForm {...props} />
      <DefaultSites grant={grant} actions={store} />
      <Facts grant={grant} />
      <ActionNotices of={store.pendingActions} />
      <Actions {...props} />
    </>
  );
}

/** What the organization's policy connects: nothing but the choices between its sites can be changed. */
function ManagedPage({ row, grant, store }: PagePanelProps) {
  return (
    <>
      <Notice>
        <ManagedMark />
        <p>{t('managed_page_text')}</p>
      </Notice>
      <SiteProblems row={row} />
      <section class="stack stack-tight" aria-labelledby="connection-sites">
        <h3 id="connection-sites">{t('connection_may')}</h3>
        <NamedSites sites={grant.sites} count={grant.sites.length} />
        <p>{t(`access_${grant.access}`)}</p>
        <GrantTerms grant={grant} />
      </section>
      <DefaultSites grant={grant} actions={store} />
      <Facts grant={grant} />
      <ActionNotices of={store.pendingActions} />
    </>
  );
}

/** Which sites do not serve what is allowed, and the session of each, where that is mended. */
function SiteProblems({ row: { sites, access } }: Pick<PagePanelProps, 'row'>) {
  const wrong = sites.flatMap((site) => {
    const text = servingProblem(site, access);
    return text === undefined ? [] : [{ site, text }];
  });
  if (wrong.length === 0) return null;
  return (
    <section class="stack stack-tight">
      <h3>{t('sites_with_problems')}</h3>
      <ul>
        {wrong.map(({ site, text }) => (
          <li key={grantedSiteId(site)}>
            <Sentence of="labelled" names={[siteName(site), text]} />{' '}
            <a href={`#/sessions/${site.sessionId}`}>
              <Sentence of="session_of" names={[accountName(site.account)]} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Sites, duration, paths and access; nothing is stored before *Save*. */
function ConnectionForm({ grant, form, store }: PagePanelProps) {
  const [isSubmitted, setIsSubmitted] = useState(false);
  const terms = form.terms.value;
  const chosen = form.list.chosen.value;
  const isDirty = form.edits.value !== undefined;
  const isSaving = store.pendingActions.running.value.has('save');
  const save = (): void => {
    setIsSubmitted(true);
    if (chosen.length > 0 && checkPaths(terms)) void store.save();
  };
  return (
    <section class="stack connection-form" aria-labelledby="connection-sites">
      <h3 id="connection-sites">{t('connection_may')}</h3>
      <SiteList list={form.list} access={terms.access} />
      <SelectedSites sites={chosen} missingText={t('choose_a_site')} />
      <TermsForm
        terms={terms}
        mayLast={grant.mayLast}
        sites={chosen}
        onChange={form.change}
        isSubmitted={isSubmitted && isDirty}
      />
      <div class="row">
        <Button
          kind="primary"
          aria-disabled={!isDirty || chosen.length === 0 || isSaving}
          onClick={() => {
            if (isDirty) save();
          }}
        >
          {t('save')}
        </Button>
        <Button aria-disabled={!isDirty} onClick={() => void store.cancel()}>
          {t('cancel')}
        </Button>
        <span role="status">
          {store.savedOrigin.value === form.grant.origin ? t('connection_saved') : ''}
        </span>
      </div>
    </section>
  );
}

function Facts({ grant }: Pick<PagePanelProps, 'grant'>) {
  const { origin, grantedAtMs, lastUsedAtMs, callsIn30Days } = grant;
  return (
    <dl class="facts">
      <dt>{t('connected_on')}</dt>
      <dd>{dateTime(grantedAtMs)}</dd>
      <dt>{t('last_used')}</dt>
      <dd>{lastUsedAtMs === undefined ? t('last_used_unknown') : dateTime(lastUsedAtMs)}</dd>
      <dt>{t('calls_fact')}</dt>
      <dd>
        {numberText(callsIn30Days ?? 0)}{' '}
        <a href={`#/activity/${encodeURIComponent(origin)}`}>{t('show_activity')}</a>
      </dd>
    </dl>
  );
}

/** Pause, and disconnect, which asks first. */
function Actions({ grant, store, onDisconnected }: PagePanelProps) {
  const { origin, isPaused = false } = grant;
  const isAsking = store.isAskingToDisconnect.value;
  const button = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(isAsking);
  useLayoutEffect(() => {
    if (!isAsking && wasAsking.current)
      button.current?.querySelector<HTMLElement>('.button-danger')?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  const disconnect = async (): Promise<void> => {
    if (await store.disconnect(origin)) onDisconnected();
  };
  if (isAsking) {
    return (
      <AskingPanel
        id="disconnect-title"
        level={3}
        title={<Sentence of="disconnect_title" names={[granteeText(origin)]} />}
        action={t('disconnect')}
        isWaiting={store.pendingActions.running.value.has('disconnect')}
        onConfirm={() => void disconnect()}
        onCancel={() => {
          store.askToDisconnect(false);
        }}
      >
        <p>{t('disconnect_text')}</p>
      </AskingPanel>
    );
  }
  return (
    <div class="row" ref={button}>
      {isPaused ? null : (
        <Button onClick={() => void store.pause(origin, true)}>{t('pause')}</Button>
      )}
      <Button
        kind="danger"
        onClick={() => {
          store.askToDisconnect(true);
        }}
      >
        {t('disconnect')}
      </Button>
    </div>
  );
}
