import { useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { DefaultSites } from '#ui/grants/default-sites.tsx';
import { Denials } from '#ui/grants/denials.tsx';
import { GrantTerms } from '#ui/grants/grant-terms.tsx';
import { isAwake, SuspendedNotice } from '#ui/grants/suspended-notice.tsx';
import { GrantedSites } from '#ui/notices/site-label.tsx';
import type { GrantView } from '#wire/views.ts';
import type { PopupStore } from './store.ts';

/** The page in the active tab: whether it is connected, and the buttons that change that. */
export function PageView({ store }: { readonly store: PopupStore }) {
  const section = useRef<HTMLDivElement>(null);
  return (
    <div class="stack" ref={section} tabIndex={-1}>
      <Connection store={store} />
      <Denials denials={store.denials.value} actions={store} fallback={section} />
    </div>
  );
}

function Connection({ store }: { readonly store: PopupStore }) {
  const grant = store.grant.value;
  if (grant !== undefined) return <ConnectedPage store={store} grant={grant} />;
  const { origin } = store.page.value;
  return (
    <section class="stack stack-tight" aria-label={t('this_page')}>
      <Button
        kind="primary"
        isWide
        disabled={!store.canConnect.value}
        aria-describedby="page-hint"
        onClick={store.startConnecting}
      >
        {t('connect_this_page')}
      </Button>
      <p id="page-hint" class="muted small">
        {connectHint(origin, store.canConnect.value)}
      </p>
    </section>
  );
}

function connectHint(origin: string | undefined, canConnect: boolean): string {
  if (origin === undefined) return t('page_not_connectable');
  return canConnect ? origin : t('page_needs_session');
}

function ConnectedPage({ store, grant }: { store: PopupStore; grant: GrantView }) {
  return (
    <section class="card stack" aria-labelledby="page-title">
      <div class="stack stack-tight">
        <div class="row row-spread">
          <h2 id="page-title">{t('page_connected')}</h2>
          <span class="tag">{t(isAwake(grant) ? `access_${grant.access}` : 'asleep')}</span>
        </div>
        <span>{grant.origin}</span>
      </div>
      <SuspendedNotice
        grant={grant}
        onAllow={() => void store.connection.allowAgain(grant.origin)}
        isRefused={store.connection.state.value === 'refused'}
      />
      <details open={grant.sites.length < 4}>
        <summary>{tCount('sites_count', grant.sites.length)}</summary>
        <GrantedSites sites={grant.sites} class="stack" />
      </details>
      <GrantTerms grant={grant} />
      <DefaultSites grant={grant} actions={store} />
      <div class="row">
        <Button onClick={() => void store.connection.disconnect(grant.origin)}>
          {t('disconnect')}
        </Button>
        <Button kind="quiet" disabled={!store.canConnect.value} onClick={store.startConnecting}>
          {t('change_connection')}
        </Button>
      </div>
    </section>
  );
}
