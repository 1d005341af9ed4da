import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { AskView } from '#wire/views.ts';
import { AccessChoice } from '../sites/access-choice.tsx';
import { SiteChoices } from '../sites/site-choices.tsx';
import type { QuestionStore } from './question-store.ts';

/** The window in which the person answers a page's question. */
export function Question({ store }: { readonly store: QuestionStore }) {
  const ask = store.ask.value;
  return (
    <main>
      {store.state.value === 'closed' ? (
        <ClosedQuestion store={store} />
      ) : (
        <FaultNotice
          fault={store.fault.value}
          actions={<Button onClick={() => void store.load()}>{t('try_again')}</Button>}
        />
      )}
      {store.state.value === 'open' && ask !== undefined ? (
        <OpenQuestion store={store} ask={ask} />
      ) : null}
    </main>
  );
}

function ClosedQuestion({ store }: { readonly store: QuestionStore }) {
  return (
    <section class="stack">
      <h1>{t('ask_gone_title')}</h1>
      <p>{t('ask_gone_text')}</p>
      <div class="row">
        <Button onClick={store.closeWindow}>{t('close')}</Button>
      </div>
    </section>
  );
}

function OpenQuestion({ store, ask }: { readonly store: QuestionStore; readonly ask: AskView }) {
  const isChoice = ask.kind === 'site';
  return (
    <section class="stack" aria-labelledby="ask-title">
      <div class="stack stack-tight">
        <h1 id="ask-title">{t(isChoice ? 'ask_site_title' : 'ask_access_title')}</h1>
        <span class="origin">{ask.origin}</span>
        <p>{questionText(ask)}</p>
      </div>
      <QuestionSites store={store} ask={ask} />
      {isChoice ? null : <AccessChoice value={store.access.value} onChange={store.chooseAccess} />}
      {store.selection.value.length === 0 ? (
        <p class="muted">{t(isChoice ? 'choose_one_site' : 'choose_a_site')}</p>
      ) : null}
      <Answer store={store} />
    </section>
  );
}

function questionText({ kind, product, access }: AskView): string {
  if (kind === 'site') {
    return product === undefined
      ? t('ask_site_text')
      : t('ask_site_text_for', t(`product_${product}`));
  }
  return t(access === 'write' ? 'ask_write_text' : 'ask_read_text');
}

function QuestionSites({ store, ask }: { readonly store: QuestionStore; readonly ask: AskView }) {
  const sessionIds = new Set(ask.sites.map(({ sessionId }) => sessionId));
  return [...sessionIds].map((id) => {
    const sites = ask.sites.filter(({ sessionId }) => sessionId === id);
    return (
      <SiteChoices
        key={id}
        type={ask.kind === 'site' ? 'radio' : 'checkbox'}
        legend={sites[0]?.accountName ?? t('account_unknown')}
        sites={sites}
        selection={store.selection.value}
        onToggle={store.chooseSite}
      />
    );
  });
}

function Answer({ store }: { readonly store: QuestionStore }) {
  const deny = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => deny.current?.querySelector('button')?.focus(), []);
  return (
    <div class="row" ref={deny}>
      <Button onClick={() => void store.deny()}>{t('deny')}</Button>
      <Button kind="primary" disabled={!store.canAllow.value} onClick={() => void store.allow()}>
        {t('allow')}
      </Button>
    </div>
  );
}
