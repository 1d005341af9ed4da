import { useRef } from 'preact/hooks';
import type { Origin } from '#core/values/origin.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name } from '#ui/controls/name.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { StateMark } from '#ui/lists/state-mark.tsx';
import { DefaultSites } from '#ui/grants/default-sites.tsx';
import { Denials } from '#ui/grants/denials.tsx';
import { GrantTerms } from '#ui/grants/grant-terms.tsx';
import { SuspendedNotice } from '#ui/grants/suspended-notice.tsx';
import { t } from '#ui/i18n.ts';
import { firstRunRoute } from '#ui/state/options-routes.ts';
import type { PageConnectionView, PopupView } from '#wire/list-views.ts';
import { AwaitedSites } from './awaited-sites.tsx';
import { ConnectedSites } from './connected-sites.tsx';
import { pageState } from './page-state.ts';
import type { PagePorts } from './page-store.ts';

interface PageProps {
  readonly store: PagePorts;
  readonly view: PopupView;
  /** Without an origin it cannot be connected; without a host its address is not known. */
  readonly page: { readonly origin?: Origin; readonly host?: string; readonly tabId?: number };
}

/** The page in the active tab: whether it is connected, to which sites, and what is wrong with them. */
export function PageView({ store, view, page }: PageProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const { page: connection, denials } = view;
  const { origin } = page;
  const { state, text } = pageState(connection);
  return (
    <section class="page stack stack-tight" aria-labelledby="page-title">
      {page.host === undefined ? null : (
        <div class="row row-spread">
          <StateMark state={state} text={text} />
          {connection === undefined ? null : (
            <span class="tag">{t(`access_${connection.access}`)}</span>
          )}
        </div>
      )}
      <h2 id="page-title" ref={title} tabIndex={-1}>
        {origin === undefined ? t('this_page') : <Name text={origin} />}
      </h2>
      {connection === undefined ? (
        <NotConnected store={store} view={view} page={page} />
      ) : (
        <Connected store={store} connection={connection} view={view} />
      )}
      <Denials denials={denials} actions={store} fallback={title} />
    </section>
  );
}

/** The one button that comes next, and why the page cannot be connected. */
function NotConnected({ store, view, page }: PageProps) {
  const { clients, sessionCount, canConnect } = view;
  const { origin, host, tabId } = page;
  const unreachable = t(host === undefined ? 'page_unknown' : 'page_not_connectable');
  if (clients.length === 0) {
    const from =
      origin === undefined ? undefined : { origin, ...(tabId === undefined ? {} : { tabId }) };
    return (
      <>
        <p>{t('no_client_text')}</p>
        <Button kind="primary" isWide onClick={() => void store.openOptions(firstRunRoute(from))}>
          {t('set_up')}
        </Button>
      </>
    );
  }
  if (sessionCount === 0)
    return origin === undefined ? <p class="muted small">{unreachable}</p> : null;
  const reason =
    origin === undefined
      ? unreachable
      : view.isBlocked === true
        ? t('fault_blocked_by_policy')
        : canConnect
          ? undefined
          : t('page_needs_session');
  return (
    <>
      <Ended store={store} origin={origin} />
      <Button
        kind="primary"
        isWide
        disabled={reason !== undefined}
        aria-describedby={reason === undefined ? undefined : 'page-hint'}
        onClick={store.startConnecting}
      >
        {t('connect_this_page')}
      </Button>
      {reason === undefined ? null : (
        <p id="page-hint" class="muted small">
          {reason}
        </p>
      )}
    </>
  );
}

/** What *Disconnect* did, and the button that takes it back. */
function Ended({
  store,
  origin,
}: Pick<PageProps, 'store'> & { readonly origin: Origin | undefined }) {
  const { ended, permission, connectAgain } = store.pageConnection;
  if (ended.value === undefined || ended.value.origin !== origin) return null;
  return (
    <Notice
      actions={
        ended.value.sites.length === 0 ? undefined : (
          <Button onClick={() => void connectAgain()}>{t('connect_again')}</Button>
        )
      }
    >
      <p>{t('page_disconnected')}</p>
      {permission.value === 'refused' ? <p>{t('page_refused')}</p> : null}
    </Notice>
  );
}

interface ConnectedProps extends Pick<PageProps, 'store'> {
  readonly connection: PageConnectionView;
  readonly view: PopupView;
}

function Connected({ store, connection, view }: ConnectedProps) {
  const { origin, choices, choosable, isManaged, isBlocked, awaited } = connection;
  const { permission, allowAgain, resume, disconnect } = store.pageConnection;
  return (
    <>
      <SuspendedNotice
        grant={connection}
        onAllow={() => void allowAgain(origin)}
        onResume={() => void resume(origin)}
        isRefused={permission.value === 'refused'}
      />
      <ConnectedSites page={connection} store={store} />
      {awaited === undefined ? null : (
        <AwaitedSites awaited={awaited} clients={view.clients} store={store} />
      )}
      <DefaultSites grant={{ origin, choices, sites: choosable }} actions={store} />
      <GrantTerms grant={connection} />
      {isManaged === true ? (
        <ManagedMark />
      ) : (
        <div class="row">
          <Button disabled={!view.canConnect || isBlocked === true} onClick={store.startConnecting}>
            {t('change_connection')}
          </Button>
          <Button onClick={() => void disconnect(origin)}>{t('disconnect')}</Button>
        </div>
      )}
    </>
  );
}
