import { useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { dateTime, t } from '#ui/i18n.ts';
import { DefaultSites } from '#ui/grants/default-sites.tsx';
import { Denials } from '#ui/grants/denials.tsx';
import { GrantTerms } from '#ui/grants/grant-terms.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { isAwake, SuspendedNotice } from '#ui/grants/suspended-notice.tsx';
import { GrantedSites } from '#ui/notices/site-label.tsx';
import type { GrantView } from '#wire/views.ts';
import type { OptionsStore } from '../state/store.ts';

/** All connected pages and extensions, each with a button to disconnect it, and the questions that were denied. */
export function ConnectedPagesView({ store }: { readonly store: OptionsStore }) {
  const { grants = [], denials = [] } = store.overview.value ?? {};
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('connected_pages')}
      </h1>
      {grants.length === 0 ? <p class="card">{t('no_connected_pages')}</p> : null}
      <ul class="stack">
        {grants.map((grant) => (
          <GrantRow key={grant.origin} grant={grant} store={store} />
        ))}
      </ul>
      <Denials denials={denials} actions={store} isNamed fallback={heading} />
    </>
  );
}

interface GrantRowProps {
  readonly grant: GrantView;
  readonly store: OptionsStore;
}

function GrantRow({ grant, store }: GrantRowProps) {
  const { origin, access, grantedAtMs, sites } = grant;
  return (
    <li class="card stack" aria-labelledby={`grant-${origin}`}>
      <div class="row row-spread">
        <h2 id={`grant-${origin}`}>
          <GranteeName origin={origin} />
        </h2>
        <span class="tag">{t(isAwake(grant) ? `access_${access}` : 'asleep')}</span>
      </div>
      <SuspendedNotice grant={grant} onAllow={() => void store.allowAgain(origin)} />
      <GrantedSites sites={sites} class="grant-sites" />
      <GrantTerms grant={grant} />
      <DefaultSites grant={grant} actions={store} />
      <div class="row row-spread">
        <span class="muted small">{t('connected_since', dateTime(grantedAtMs))}</span>
        <Button aria-describedby={`grant-${origin}`} onClick={() => void store.disconnect(origin)}>
          {t('disconnect')}
        </Button>
      </div>
    </li>
  );
}
