import type { ComponentChildren } from 'preact';
import { Button } from '#ui/controls/button.tsx';
import { Fold } from '#ui/lists/fold.tsx';
import { SearchField } from '#ui/lists/search-field.tsx';
import { accountTexts } from '#ui/account-text.ts';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { PopupView, SessionRow } from '#wire/list-views.ts';
import type { SessionRows } from './session-rows.ts';
import { SessionItem } from './session-item.tsx';
import { isOpenAtFirst, type SectionName, type SessionsPorts } from './sessions-store.ts';

/** With more sites or sessions than these there is a search. */
const [mostSites, mostSessions] = [6, 3];

interface ViewProps {
  readonly store: SessionsPorts;
  readonly view: PopupView;
}

/** A search, the sessions that need the person, those used last, and all. */
export function SessionsView({ store, view }: ViewProps) {
  if (view.sessionCount === 0) return null;
  const { filter, found } = store.sessions;
  const hasSearch = view.siteCount > mostSites || view.sessionCount > mostSessions;
  return (
    <>
      {hasSearch ? (
        <SearchField
          id="session-search"
          label={t('search_sessions')}
          placeholder={t('search_sessions_hint')}
          value={filter.value}
          onInput={(value) => {
            filter.value = value;
          }}
        />
      ) : null}
      {filter.value.trim() === '' || (found.listed.value ?? found.fault.value) === undefined ? (
        <Sections store={store} view={view} />
      ) : (
        <Found store={store} />
      )}
    </>
  );
}

/** The sessions that match the search. */
function Found({ store }: { readonly store: SessionsPorts }) {
  const { found } = store.sessions;
  const matching = found.listed.value?.matching ?? 0;
  return (
    <section aria-labelledby="found-title" class="stack stack-tight">
      <div role="status">
        <h2 id="found-title" class="list-title">
          {matching === 0 ? t('no_session_found') : tCount('sessions_found', matching)}
        </h2>
      </div>
      <Rows rows={found} store={store} />
    </section>
  );
}

function Sections({ store, view }: ViewProps) {
  const { needsPerson, recent, sessionCount, siteCount } = view;
  const listed = [...needsPerson.rows, ...recent];
  const isEveryOneListed = listed.length >= sessionCount;
  const counts = `${tCount('sessions_count', sessionCount)} · ${tCount('sites_count', siteCount)}`;
  return (
    <>
      {needsPerson.count === 0 ? null : (
        <Section
          name="needs-person"
          title={t('needs_you_count', numberText(needsPerson.count))}
          store={store}
          view={view}
        >
          <SessionList sessions={needsPerson.rows} store={store} />
        </Section>
      )}
      {recent.length === 0 ? null : (
        <Section
          name="recent"
          title={t(isEveryOneListed ? 'sessions_listed' : 'recent', numberText(recent.length))}
          store={store}
          view={view}
        >
          <SessionList sessions={recent} store={store} />
        </Section>
      )}
      {isEveryOneListed ? null : (
        <Section name="all" title={counts} store={store} view={view}>
          <Rows rows={store.sessions.all} listed={listed} store={store} />
        </Section>
      )}
    </>
  );
}

interface SectionProps extends ViewProps {
  readonly name: SectionName;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Section({ name, title, store, view, children }: SectionProps) {
  const { sections, toggle } = store.sessions;
  return (
    <Fold
      id={name}
      title={title}
      isOpen={sections.value[name] ?? isOpenAtFirst(name, view)}
      onToggle={(isOpen) => {
        toggle(name, isOpen);
      }}
    >
      {children}
    </Fold>
  );
}

interface RowsProps extends Pick<SessionListProps, 'listed' | 'store'> {
  readonly rows: SessionRows;
}

/** A list that is read in parts. */
function Rows({ rows, listed, store }: RowsProps) {
  const { fault, more, reload } = rows;
  const { matching, rows: sessions } = rows.listed.value ?? { matching: 0, rows: [] };
  return (
    <>
      <FaultNotice
        fault={fault.value}
        actions={<Button onClick={reload}>{t('try_again')}</Button>}
      />
      <SessionList sessions={sessions} listed={listed} store={store} />
      {sessions.length < matching ? (
        <div class="row row-spread">
          <Button onClick={more}>{t('show_more')}</Button>
          <span class="muted small">
            {t('shown_of', numberText(sessions.length), numberText(matching))}
          </span>
        </div>
      ) : null}
    </>
  );
}

interface SessionListProps {
  readonly sessions: readonly SessionRow[];
  /** The sessions that lists above this one show: their rows here are others, which open by themselves. */
  readonly listed?: readonly SessionRow[] | undefined;
  readonly store: SessionsPorts;
}

function SessionList({ sessions, listed = [], store }: SessionListProps) {
  const textOf = accountTexts(sessions.map(({ account }) => account));
  const above = new Set(listed.map(({ id }) => id));
  return (
    <ul class="session-list">
      {sessions.map((session) => (
        <SessionItem
          key={session.id}
          id={above.has(session.id) ? `again-${session.id}` : `session-${session.id}`}
          session={session}
          name={textOf(session.account)}
          store={store}
        />
      ))}
    </ul>
  );
}
