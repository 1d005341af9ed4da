import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { isExtension } from '#core/values/origin.ts';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { PathList } from '#ui/grants/path-list.tsx';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { siteName } from '#ui/notices/site-label.tsx';
import type { AskView } from '#wire/views.ts';
import { AccessChoice, AccessHint } from '#ui/sites/access-choice.tsx';
import { NamedSites, SelectedSites } from '#ui/sites/selected-sites.tsx';
import { SiteList } from '#ui/sites/site-list.tsx';
import type { SiteListStore } from '#ui/sites/site-list-store.ts';
import { TermsChoice } from '#ui/sites/terms-choice.tsx';
import { askText, type AskText } from './ask-text.ts';
import type { QuestionStore } from './question-store.ts';

interface QuestionProps {
  readonly store: QuestionStore;
}

interface OpenQuestionProps extends QuestionProps {
  readonly ask: AskView;
  readonly list: SiteListStore;
}

/** The window in which the person answers a page's question. */
export function Question({ store }: QuestionProps) {
  const ask = store.ask.value;
  const list = store.list.value;
  if (store.state.value === 'closed') return <ClosedQuestion store={store} />;
  if (ask === undefined || list === undefined)
    return (
      <main>
        <Heading>{t('ask_window_title')}</Heading>
        <Fault store={store} />
      </main>
    );
  return <OpenQuestion store={store} ask={ask} list={list} />;
}

function Fault({ store }: QuestionProps) {
  return (
    <FaultNotice
      fault={store.fault.value}
      actions={<Button onClick={() => void store.load()}>{t('try_again')}</Button>}
    />
  );
}

/** Has the focus when it appears: a key that was meant for the page finds no button. */
function Heading({ id, children }: { readonly id?: string; readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <h1 id={id} ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

function ClosedQuestion({ store }: QuestionProps) {
  return (
    <main class="stack">
      <Heading>{t('ask_gone_title')}</Heading>
      <p>{t('ask_gone_text')}</p>
      <div class="row">
        <Button onClick={store.closeWindow}>{t('close')}</Button>
      </div>
    </main>
  );
}

/** Who asks, and what is allowed, stay on the screen while the sites between them scroll. */
function OpenQuestion({ store, ask, list }: OpenQuestionProps) {
  return (
    <main class="question sites-between" aria-labelledby="ask-title">
      <header class="stack stack-tight">
        <Heading id="ask-title">{askText(ask, questionTitle(ask))}</Heading>
        <span class="origin">
          <GranteeName origin={ask.origin} />
        </span>
        {isExtension(ask.origin) ? <p>{t('ask_extension_hint')}</p> : null}
        <p>{questionText(ask)}</p>
        <HasNow ask={ask} />
        <QuestionPaths ask={ask} />
        <Fault store={store} />
      </header>
      {list.counts.value?.total === 0 ? (
        <p class="question-sites">{t('ask_no_sites')}</p>
      ) : (
        <SiteList list={list} access={store.access.value} />
      )}
      <footer class="connect-form">
        <SelectedSites
          sites={list.chosen.value}
          missingText={t(ask.kind === 'site' ? 'choose_one_site' : 'choose_a_site')}
        />
        <QuestionAccess store={store} ask={ask} list={list} />
        {store.isCovered.value ? (
          <Notice tone="warn">
            <p>{t('ask_covered')}</p>
          </Notice>
        ) : null}
        <Answer store={store} ask={ask} list={list} />
      </footer>
    </main>
  );
}

/** What may be called until now. */
function HasNow({ ask: { kind, granted, grantedAccess } }: Pick<OpenQuestionProps, 'ask'>) {
  if (kind === 'site' || granted.length === 0 || grantedAccess === undefined) return null;
  const names = [<NamedSites key="sites" sites={granted} />, t(`access_${grantedAccess}`)];
  return (
    <p class="small selected-sites">
      <Sentence of="ask_has_now" names={names} />
    </p>
  );
}

function questionTitle({ kind, site }: AskView): AskText {
  if (kind === 'access') return 'ask_access_title';
  return site === undefined ? 'ask_site_title' : 'ask_account_title';
}

function questionText(ask: AskView): string {
  const { kind, product, access, site } = ask;
  if (kind === 'site') {
    if (site !== undefined) return askText(ask, 'ask_account_text', siteName(site));
    return product === undefined
      ? askText(ask, 'ask_site_text')
      : askText(ask, 'ask_site_text_for', t(`product_${product}`));
  }
  return askText(ask, access === 'write' ? 'ask_write_text' : 'ask_read_text');
}

/** The paths that the page asks for, or that it may call until now if it asks for every path. */
function QuestionPaths({ ask }: Pick<OpenQuestionProps, 'ask'>) {
  const { paths, grantedPaths } = ask;
  if (paths === undefined && grantedPaths === undefined) return null;
  if (paths !== undefined) {
    const added = grantedPaths && paths.filter((path) => !grantedPaths.includes(path));
    return (
      <div class="question-paths">
        <PathList paths={paths} added={added} />
      </div>
    );
  }
  return (
    <div class="stack stack-tight question-paths">
      <p>{askText(ask, 'ask_every_path_text')}</p>
      {grantedPaths && <PathList paths={grantedPaths} />}
    </div>
  );
}

function QuestionAccess({ store, ask, list }: OpenQuestionProps) {
  const sites = list.chosen.value;
  const paths = store.limitingPaths.value;
  if (ask.kind === 'access')
    return (
      <>
        <TermsChoice
          duration={store.duration.value}
          mayLast={ask.mayLast}
          onDuration={store.chooseDuration}
          isEveryPath={store.isEveryPath.value}
          somePathsText={paths && tCount('paths_these', paths.length)}
          onEveryPath={store.chooseEveryPath}
        />
        <AccessChoice access={store.access.value} sites={sites} onChange={store.chooseAccess} />
      </>
    );
  return (
    <div class="stack stack-tight">
      <p>{askText(ask, 'ask_site_access', t(`access_${ask.access}`))}</p>
      <AccessHint access={ask.access} sites={sites} />
    </div>
  );
}

function Answer({ store, ask, list }: OpenQuestionProps) {
  const { length } = list.chosen.value;
  return (
    <div class="row row-end">
      <Button onClick={() => void store.deny()}>{t('deny')}</Button>
      {/* Not `disabled`: browsers do not report clicks on disabled buttons, and each must restart the click guard. */}
      <Button
        kind="primary"
        aria-disabled={!store.canAllow.value}
        onClick={() => void store.allow()}
      >
        {ask.kind === 'site' || length === 0 ? t('allow') : t('allow_sites', numberText(length))}
      </Button>
    </div>
  );
}
