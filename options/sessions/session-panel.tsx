import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionId } from '#core/session/session.ts';
import { accountText } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name, Sentence } from '#ui/controls/name.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { dateTime, t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { LostSites } from '#ui/sessions/lost-sites.tsx';
import type { SessionDetails } from '#wire/list-views.ts';
import { RenameForm } from './rename-form.tsx';
import type { SessionContext } from './session-context.ts';
import { SessionPages, SessionProblems } from './session-pages.tsx';
import { SessionScopes } from './session-scopes.tsx';
import { SessionSites } from './session-sites.tsx';
import { endText, problemsOf } from './session-texts.ts';
import { SignOutPanel } from './sign-out-panel.tsx';

interface SessionPanelProps extends SessionContext {
  readonly details: SessionDetails;
  /** After the session was signed out. */
  readonly onSignedOut: () => void;
}

/** Everything about one session, and the actions on it. */
export function SessionPanel(props: SessionPanelProps) {
  const { details, store } = props;
  const { row } = details;
  return (
    <>
      <Problems {...props} />
      <FaultNotice fault={store.pendingActions.fault.value} />
      <Actions {...props} />
      <Facts details={details} />
      <SessionScopes {...props} />
      <SessionSites store={store} total={row.siteCount} />
      <SessionPages pages={details.pages} />
      <SessionProblems {...props} />
    </>
  );
}

/** Whether there is a notice, which has the button for what mends it. */
function hasProblem({ row }: SessionDetails): boolean {
  return problemsOf(row).length > 0 || row.lostSites.length > 0;
}

function Problems({ details, signIn, isFlowRunning }: SessionPanelProps) {
  if (!hasProblem(details)) return null;
  const { row } = details;
  const { lostSites, clientId, id } = row;
  const told = problemsOf(row);
  const isOfClient = row.isClientRejected || row.isKeyPairLost === true;
  return (
    <Notice
      tone="warn"
      actions={
        isOfClient ? (
          <a href={`#/clients/${clientId}`}>{t('check_client')}</a>
        ) : (
          <Button kind="primary" disabled={isFlowRunning} onClick={() => void signIn(clientId, id)}>
            {t('sign_in_again')}
          </Button>
        )
      }
    >
      {told.map(([key, ...names]) => (
        <p key={key}>
          <Sentence of={key} names={names} />
        </p>
      ))}
      {lostSites.length === 0 ? null : (
        <p>
          <LostSites session={row} />
        </p>
      )}
    </Notice>
  );
}

/** The id of a button of an open session, which gets the focus back. */
const buttonId = (action: 'rename' | 'sign-out', id: SessionId) => `${action}-${id}`;

function Actions(props: SessionPanelProps) {
  const { details, store, signIn, isFlowRunning, onSignedOut } = props;
  const { id, clientId } = details.row;
  const asking = store.asking.value;
  const before = useRef(asking);
  useLayoutEffect(() => {
    // The panel is gone, with the focused element.
    const last = before.current;
    before.current = asking;
    if (last === undefined || asking !== undefined) return;
    document.getElementById(buttonId(last === 'label' ? 'rename' : 'sign-out', id))?.focus();
  }, [asking, id]);
  if (asking === 'sign-out') {
    return <SignOutPanel details={details} store={store} onSignedOut={onSignedOut} />;
  }
  if (asking === 'label') return <RenameForm row={details.row} store={store} />;
  const isRefreshing = store.pendingActions.running.value.has('refresh-sites');
  return (
    <div class="row">
      <Button aria-disabled={isRefreshing} onClick={() => void store.refreshSites(id)}>
        {t('refresh_sites')}
      </Button>
      {hasProblem(details) ? null : (
        <Button disabled={isFlowRunning} onClick={() => void signIn(clientId, id)}>
          {t('sign_in_again')}
        </Button>
      )}
      <Button
        id={buttonId('rename', id)}
        onClick={() => {
          store.ask('label');
        }}
      >
        {t('rename')}
      </Button>
      <Button
        id={buttonId('sign-out', id)}
        kind="danger"
        onClick={() => {
          store.ask('sign-out');
        }}
      >
        {t('sign_out')}
      </Button>
    </div>
  );
}

function Facts({ details }: { readonly details: SessionDetails }) {
  const { row } = details;
  const { label: _label, ...account } = row.account;
  return (
    <dl class="facts">
      <dt>{t('account_fact')}</dt>
      <dd>
        <Name text={accountText(account)} />
      </dd>
      <dt>{t('client_fact')}</dt>
      <dd>
        <a href={`#/clients/${row.clientId}`}>
          <Name text={row.clientName} />
        </a>
      </dd>
      <dt>{t('session_end')}</dt>
      <dd>{endText(details)}</dd>
      <dt>{t('last_used')}</dt>
      <dd>
        {row.lastUsedAtMs === undefined ? t('last_used_unknown') : dateTime(row.lastUsedAtMs)}
      </dd>
      <dt>{t('renewed_on')}</dt>
      <dd>{dateTime(row.refreshedAtMs)}</dd>
      <dt>{t('signed_in_on')}</dt>
      <dd>{dateTime(row.signedInAtMs)}</dd>
      {row.sitesReadAtMs === undefined ? null : (
        <>
          <dt>{t('sites_read_on')}</dt>
          <dd>{dateTime(row.sitesReadAtMs)}</dd>
        </>
      )}
    </dl>
  );
}
