import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import type { SessionView } from '#wire/views.ts';
import { AccessChoice } from './sites/access-choice.tsx';
import { SiteChoices, type ChoosableSite } from './sites/site-choices.tsx';
import type { PopupStore } from './store.ts';

/** The sites and the access that the page is to get. After *Connect* the browser shows its permission prompt. */
export function ConnectPanel({ store }: { readonly store: PopupStore }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const { draft, state, toggleSite, chooseAccess, close, connect } = store.connection;
  if (draft.value === undefined) return null;
  const { origin, sites, access } = draft.value;
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
      <AccessChoice access={access} sites={sites} onChange={chooseAccess} />
      {sites.length === 0 ? <p class="problem">{t('choose_a_site')}</p> : null}
      {state.value === 'refused' ? (
        <Notice tone="warn">
          <p>{t('page_refused')}</p>
        </Notice>
      ) : null}
      {isAsking ? <p role="status">{t('connecting')}</p> : null}
      <div class="row">
        <Button
          kind="primary"
          disabled={sites.length === 0 || isAsking}
          onClick={() => void connect()}
        >
          {t('connect')}
        </Button>
        <Button onClick={close}>{t('back')}</Button>
      </div>
    </section>
  );
}

function sitesOf({ id, account, sites }: SessionView): ChoosableSite[] {
  return sites.map((site) => ({ ...site, sessionId: id, account }));
}
