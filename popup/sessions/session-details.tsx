import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { siteId } from '#core/session/site.ts';
import { accountText } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name } from '#ui/controls/name.tsx';
import { dateTime, t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { SiteLabel } from '#ui/notices/site-label.tsx';
import { SessionNotice } from '#ui/sessions/session-notice.tsx';
import type { Listed, SessionRow, SiteRow } from '#wire/list-views.ts';
import { RemedyButton } from './remedy-button.tsx';
import { SignOutQuestion } from './sign-out-question.tsx';
import { SiteLink } from './site-link.tsx';
import type { SessionsPorts } from './sessions-store.ts';

interface DetailsProps {
  /** Unique in the document. */
  readonly id: string;
  readonly session: SessionRow;
  readonly name: string;
  readonly store: SessionsPorts;
}

/** What a row shows while it is open: problems, sites, and the actions on the session. */
export function SessionDetails({ id, session, name, store }: DetailsProps) {
  const { account, sitesReadAtMs } = session;
  const fullName = accountText(account);
  const remedy = {
    describedBy: `${id}-title`,
    clientId: session.clientId,
    sessionId: session.id,
    store,
  };
  const { failed } = store.sessions;
  const fault = failed.value?.id === session.id ? failed.value.fault : undefined;
  const isRefreshing = store.pendingActions.running.value.has(`refresh ${session.id}`);
  return (
    <div class="stack stack-tight">
      {fullName === name ? null : (
        <p class="muted small">
          <Name text={fullName} />
        </p>
      )}
      <SessionNotice
        session={session}
        checkClient={<RemedyButton remedy="client" {...remedy} />}
        signInAgain={<RemedyButton remedy="sign-in" {...remedy} />}
      />
      <Sites rowId={id} session={session} store={store} />
      <div class="row">
        <Button
          aria-disabled={isRefreshing}
          aria-describedby={`${id}-title`}
          onClick={() => void store.sessions.refreshSites(session.id)}
        >
          {t('refresh_sites')}
        </Button>
        <Button
          aria-describedby={`${id}-title`}
          onClick={() => void store.openOptions(`#/sessions/${session.id}`)}
        >
          {t('details')}
        </Button>
      </div>
      {sitesReadAtMs === undefined ? null : (
        <p class="muted small" role="status">
          {t('sites_as_of', dateTime(sitesReadAtMs))}
        </p>
      )}
      <FaultNotice fault={fault} />
      <SignOut id={id} session={session} name={name} store={store} />
    </div>
  );
}

/** The sites as links. Those of the row are shown until all are read. */
function Sites({
  rowId,
  session,
  store,
}: Pick<DetailsProps, 'session' | 'store'> & { readonly rowId: string }) {
  const listed = useMemo(() => signal<Listed<SiteRow> | undefined>(undefined), []);
  const { id, siteCount, sitesReadAtMs, matchingSites } = session;
  const { host } = store.page.value;
  useEffect(() => {
    let isShown = true;
    void store.sessions.sitesOf(id).then(
      (reply) => {
        if (isShown) listed.value = reply;
      },
      () => undefined, // Those of the row stay, and the options have all.
    );
    return () => {
      isShown = false;
    };
  }, [id, siteCount, sitesReadAtMs, host]);
  const rows: readonly (SiteRow | SessionRow['matchingSites'][number])[] =
    listed.value?.rows ?? matchingSites;
  if (siteCount === 0) return null;
  return (
    <>
      <ul class="session-site-list">
        {rows.map((site) => (
          <li key={siteId(site)} class="row row-spread">
            <SiteLink site={site}>
              <SiteLabel site={site} />
            </SiteLink>
            {'isOfTab' in site && site.isOfTab ? <span class="tag">{t('this_tab')}</span> : null}
          </li>
        ))}
      </ul>
      {rows.length < siteCount ? (
        <Button
          kind="quiet"
          aria-describedby={`${rowId}-title`}
          onClick={() => void store.openOptions(`#/sessions/${id}`)}
        >
          {tCount('more_sites', siteCount - rows.length)}
        </Button>
      ) : null}
    </>
  );
}

/** Ends the session after asking once: says what ends with it. */
function SignOut({ id, session, name, store }: DetailsProps) {
  const { rows, setRow } = store.sessions;
  const isAsking = rows.value.get(id) === 'sign-out';
  const question = useRef<HTMLParagraphElement>(null);
  const button = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(isAsking);
  useLayoutEffect(() => {
    // Not when the row comes up in another list, while the person may be typing elsewhere.
    if (wasAsking.current !== isAsking)
      (isAsking ? question.current : button.current?.querySelector('button'))?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  if (isAsking) {
    return (
      <SignOutQuestion
        id={id}
        session={session}
        name={name}
        store={store}
        question={question}
        onCancel={() => {
          setRow(id, 'details');
        }}
      />
    );
  }
  return (
    <div class="sign-out" ref={button}>
      <Button
        kind="quiet"
        aria-describedby={`${id}-title`}
        onClick={() => {
          setRow(id, 'sign-out');
        }}
      >
        {t('sign_out')}
      </Button>
    </div>
  );
}
