import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { siteId } from '#core/session/site.ts';
import { Button } from '#ui/controls/button.tsx';
import { isExtension } from '#core/values/origin.ts';
import { listed, t, tCount } from '#ui/i18n.ts';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { PathList } from '#ui/grants/path-list.tsx';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { siteName, siteTexts } from '#ui/notices/site-label.tsx';
import type { AskView } from '#wire/views.ts';
import { AccessChoice, AccessHint } from '#ui/sites/access-choice.tsx';
import { SiteChoices } from '#ui/sites/site-choices.tsx';
import { isChosen } from '#ui/sites/site-selection.ts';
import { TermsChoice } from '#ui/sites/terms-choice.tsx';
import { askText, type AskText } from './ask-text.ts';
import type { QuestionStore } from './question-store.ts';

interface QuestionProps {
  readonly store: QuestionStore;
}

interface OpenQuestionProps extends QuestionProps {
  readonly ask: AskView;
}

/** The window in which the person answers a page's question. */
export function Question({ store }: QuestionProps) {
  const ask = store.ask.value;
  if (store.state.value === 'closed') return <ClosedQuestion store={store} />;
  if (ask === undefined)
    return (
      <main>
        <Heading>{t('ask_window_title')}</Heading>
        <Fault store={store} />
      </main>
    );
  return <OpenQuestion store={store} ask={ask} />;
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
function OpenQuestion({ store, ask }: OpenQuestionProps) {
  return (
    <main class="question" aria-labelledby="ask-title">
      <header class="stack stack-tight">
        <Heading id="ask-title">{askText(ask, questionTitle(ask))}</Heading>
        <span class="origin">
          <GranteeName origin={ask.origin} />
        </span>
        {isExtension(ask.origin) ? <p>{t('ask_extension_hint')}</p> : null}
        <p>{questionText(ask)}</p>
        <Fault store={store} />
      </header>
      <div class="question-sites stack">
        <QuestionPaths ask={ask} />
        <QuestionSites store={store} ask={ask} />
      </div>
      <footer class="stack">
        <Selected store={store} ask={ask} />
        <QuestionAccess store={store} ask={ask} />
        <Answer store={store} />
      </footer>
    </main>
  );
}

function questionTitle(ask: AskView): AskText {
  if (ask.kind === 'access') return 'ask_access_title';
  return isForAccount(ask) ? 'ask_account_title' : 'ask_site_title';
}

/** Whether the sites to choose from are one site with several accounts. */
function isForAccount({ kind, sites }: AskView): boolean {
  return kind === 'site' && sites.length > 1 && new Set(sites.map(siteId)).size === 1;
}

function questionText(ask: AskView): string {
  const { kind, product, access, sites } = ask;
  if (kind === 'site') {
    if (isForAccount(ask) && sites[0]) return askText(ask, 'ask_account_text', siteName(sites[0]));
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
    return <PathList paths={paths} added={added} />;
  }
  return (
    <div class="stack stack-tight">
      <p>{askText(ask, 'ask_every_path_text')}</p>
      {grantedPaths && <PathList paths={grantedPaths} />}
    </div>
  );
}

function QuestionSites({ store, ask }: OpenQuestionProps) {
  if (ask.sites.length === 0) return <p>{t('ask_no_sites')}</p>;
  return (
    <SiteChoices
      type={ask.kind === 'site' ? 'radio' : 'checkbox'}
      sites={ask.sites}
      selection={store.selection.value}
      onToggle={store.chooseSite}
    />
  );
}

/** How many of the selected sites are named below the list. */
const mostNamedSites = 3;

/** The selected sites, some of which the list may have scrolled away. */
function Selected({ store, ask }: OpenQuestionProps) {
  const chosen = ask.sites.filter((site) => isChosen(store.selection.value, site));
  if (chosen.length === 0)
    return <p class="problem">{t(ask.kind === 'site' ? 'choose_one_site' : 'choose_a_site')}</p>;
  const names = chosen.slice(0, mostNamedSites).map(siteTexts(ask.sites));
  const more = chosen.length - names.length;
  const parts = more === 0 ? names : [...names, tCount('more_sites', more)];
  return (
    <p class="question-selected">
      <strong>{tCount('sites_selected', chosen.length)}</strong> {listed(parts)}
    </p>
  );
}

function QuestionAccess({ store, ask }: OpenQuestionProps) {
  const sites = store.selection.value;
  const paths = store.limitingPaths.value;
  if (ask.kind === 'access')
    return (
      <>
        <TermsChoice
          duration={store.duration.value}
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

function Answer({ store }: QuestionProps) {
  return (
    <div class="row">
      <Button onClick={() => void store.deny()}>{t('deny')}</Button>
      {/* Not `disabled`: browsers do not report clicks on disabled buttons, and each must restart the click guard. */}
      <Button
        kind="primary"
        aria-disabled={!store.canAllow.value}
        onClick={() => void store.allow()}
      >
        {t('allow')}
      </Button>
    </div>
  );
}
