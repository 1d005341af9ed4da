import { isUsable } from '#core/session/session.ts';
import { isSameSite, siteId } from '#core/session/site.ts';
import { accountName } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { dateTime, listed, t, tCount } from '#ui/i18n.ts';
import { SiteLabel, siteName } from '#ui/notices/site-label.tsx';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import type { SessionView } from '#wire/views.ts';
import { isOfHost } from './session-filter.ts';
import type { PopupStore } from './store.ts';

interface SessionProps {
  readonly session: SessionView;
  readonly store: PopupStore;
}

/** One session: the account, its status, its sites and the actions on it. */
export function SessionCard({ session, store }: SessionProps) {
  const { account, id } = session;
  const isRefreshing = store.pendingActions.running.value.has(`refresh ${id}`);
  return (
    <section class="card stack" aria-labelledby={`account-${id}`}>
      <div class="session-head">
        <div class="stack stack-tight">
          <h2 id={`account-${id}`}>{accountName(account)}</h2>
          <span class="muted small">
            {[account.name && account.email, session.clientName].filter(Boolean).join(' · ')}
          </span>
        </div>
        <span class="tag">{t(`status_${session.status}`)}</span>
      </div>
      <SessionNotice session={session} store={store} />
      <UnreadSites session={session} />
      <SessionSites session={session} store={store} />
      <div class="row">
        <Button disabled={isRefreshing} onClick={() => void store.refreshSites(id)}>
          {t('refresh_sites')}
        </Button>
        <Button onClick={() => void store.signOut(id)}>{t('sign_out')}</Button>
      </div>
      {session.sitesReadAtMs === undefined ? null : (
        <p class="muted small">{t('sites_as_of', dateTime(session.sitesReadAtMs))}</p>
      )}
    </section>
  );
}

function SessionNotice({ session, store }: SessionProps) {
  const { id, status, missingScopes, lostSites, endsAtMs, clientId, sites } = session;
  const isUsableNow = isUsable({ status });
  const hasNoSite = sites.length === 0 && isListRead(session);
  const { refreshError } = session;
  const isComplete =
    missingScopes.length === 0 &&
    lostSites.length === 0 &&
    session.isIdentified &&
    refreshError === undefined;
  if (session.isClientRejected || session.isKeyPairLost === true)
    return <ClientNotice session={session} store={store} />;
  if (isUsableNow && isComplete && !hasNoSite) {
    return endsAtMs === undefined ? null : (
      <p class="small">
        {t(session.isShortLived ? 'session_ends_soon' : 'session_ends', dateTime(endsAtMs))}
      </p>
    );
  }
  return (
    <Notice
      tone="warn"
      actions={
        <Button
          kind="primary"
          disabled={isFlowRunning(store.overview.value?.flow)}
          onClick={() => void store.signIn(clientId, id)}
        >
          {t('sign_in_again')}
        </Button>
      }
    >
      {isUsableNow ? null : <p>{t(textOf(session))}</p>}
      {isUsableNow && refreshError !== undefined ? (
        <p>{t('session_refresh_refused', refreshError)}</p>
      ) : null}
      {session.isIdentified ? null : <p>{t('account_pending')}</p>}
      {isUsableNow && hasNoSite ? <p>{t('session_without_sites')}</p> : null}
      {lostSites.length === 0 ? null : <p>{t('sites_lost', listed(lostSites.map(siteName)))}</p>}
      {missingScopes.length === 0 ? null : <p>{t('scopes_missing', listed(missingScopes))}</p>}
      {endsAtMs === undefined ? null : <p>{t('session_ends', dateTime(endsAtMs))}</p>}
    </Notice>
  );
}

/** The text of a session that needs a new sign-in. */
function textOf({ status, probableCause }: SessionView) {
  const isElsewhere = status === 'recoverable' && probableCause === 'signed-in-elsewhere';
  return isElsewhere ? 'session_signed_in_elsewhere' : (`session_${status}` as const);
}

/** Whether the list of sites was read in full: otherwise a missing site may still be granted. */
function isListRead({ sitesReadAtMs, unreadableSites }: SessionView): boolean {
  return sitesReadAtMs !== undefined && unreadableSites === undefined;
}

/** What could not be read of the list of sites. Reading it again needs no sign-in. */
function UnreadSites({ session }: Pick<SessionProps, 'session'>) {
  const { status, sites, unreadableSites } = session;
  const isMissing = sites.length === 0 && !isListRead(session);
  if (!isUsable({ status }) || (unreadableSites === undefined && !isMissing)) return null;
  return (
    <Notice tone="warn">
      <p>
        {unreadableSites === undefined
          ? t('fault_sites_unread')
          : tCount('sites_unreadable', unreadableSites)}
      </p>
    </Notice>
  );
}

/** The provider refuses the client, or its RSA key is lost. Signing in would fail too, so the button opens the client. */
function ClientNotice({ session, store }: SessionProps) {
  return (
    <Notice
      tone="warn"
      actions={
        <Button
          kind="primary"
          onClick={() => void store.openOptions(`#/clients/${session.clientId}`)}
        >
          {t('check_client')}
        </Button>
      }
    >
      <p>
        {t(
          session.isKeyPairLost === true ? 'client_key_lost' : 'client_refused',
          session.clientName,
        )}
      </p>
    </Notice>
  );
}

function SessionSites({ session, store }: SessionProps) {
  const { id, sites, currentSite } = session;
  if (sites.length === 0) return null;
  return (
    <fieldset>
      <legend class="visually-hidden">{t('current_site')}</legend>
      <ul class="sites">
        {sites.map((site) => (
          <li key={siteId(site)}>
            <label class="choice">
              <input
                type="radio"
                name={`site-${id}`}
                checked={currentSite !== undefined && isSameSite(site, currentSite)}
                onChange={() => void store.chooseSite(id, site)}
              />
              <SiteLabel site={site} />
              {isOfHost(site, store.page.value.host) ? (
                <span class="tag">{t('this_tab')}</span>
              ) : null}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
