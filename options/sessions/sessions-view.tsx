import { useRef } from 'preact/hooks';
import type { SessionId } from '#core/session/session.ts';
import { TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { RowPages } from '#ui/controls/row-pages.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { maxRows, type SessionRow } from '#wire/list-views.ts';
import { SessionItem } from './session-row.tsx';
import type { SessionContext } from './session-context.ts';
import { SessionPanel } from './session-panel.tsx';
import type { SessionsStore } from './sessions-store.ts';

interface SessionsViewProps extends SessionContext {
  /** Opens a session, or none. */
  readonly show: (id: SessionId | undefined) => void;
}

/** All sessions, found by typing, and everything about the open one. */
export function SessionsView(props: SessionsViewProps) {
  const { store } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const list = store.list.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('sessions')}
      </h1>
      <FaultNotice fault={store.loadFault.value} />
      {store.isGone.value ? (
        <Notice tone="warn">
          <p>{t('no_such_session')}</p>
        </Notice>
      ) : null}
      {list === undefined ? null : list.total === 0 ? (
        <NoSessions />
      ) : (
        <Sessions {...props} focusHeading={() => heading.current?.focus()} />
      )}
    </>
  );
}

function NoSessions() {
  return (
    <section class="card stack">
      <h2>{t('no_sessions_title')}</h2>
      <p>{t('no_sessions_text')}</p>
      <p>
        <a href="#/clients">{t('choose_client_to_sign_in')}</a>
      </p>
    </section>
  );
}

interface SessionsProps extends SessionsViewProps {
  readonly focusHeading: () => void;
}

function Sessions(props: SessionsProps) {
  const { store } = props;
  const rows = store.list.value?.rows ?? [];
  const opened = store.details.value?.row;
  // Opened by its address, or found no more: it is shown all the same.
  const isApart = opened !== undefined && !rows.some(({ id }) => id === opened.id);
  return (
    <>
      <Filters store={store} />
      <ul class="stack">
        {isApart ? <Session key={opened.id} {...props} row={opened} /> : null}
        {rows.map((row) => (
          <Session key={row.id} {...props} row={row} />
        ))}
      </ul>
      {rows.length === 0 ? <p class="card">{t('no_session_matches')}</p> : null}
      <RowPages
        offset={store.wanted.value.offset}
        shown={rows.length}
        matching={store.list.value?.matching ?? 0}
        mostShown={maxRows}
        onTurn={(offset) => void store.find({ offset })}
      />
    </>
  );
}

function Filters({ store }: { readonly store: SessionsStore }) {
  const { filter, order, only } = store.wanted.value;
  const { total = 0, matching = 0 } = store.list.value ?? {};
  return (
    <div class="stack">
      <div class="session-filters">
        <TextField
          id="session-search"
          type="search"
          label={t('search_sessions')}
          placeholder={t('search_sessions_hint')}
          value={filter}
          onInput={(text) => void store.find({ filter: text })}
        />
        <SelectField
          id="session-order"
          label={t('sort_by')}
          value={order ?? 'last-use'}
          choices={[
            ['last-use', t('sort_last_use')],
            ['account', t('sort_account')],
          ]}
          onChoose={(chosen) => void store.find({ order: chosen })}
        />
      </div>
      <div class="row row-spread">
        <label class="choice">
          <input
            type="checkbox"
            checked={only !== undefined}
            onChange={(event) => void store.findNeedingPerson(event.currentTarget.checked)}
          />
          {t('only_needing_person')}
        </label>
        <span class="muted" role="status">
          {matching === total
            ? tCount('sessions_count', total)
            : t('matching_of_all', numberText(matching), numberText(total))}
        </span>
      </div>
    </div>
  );
}

interface SessionProps extends SessionsProps {
  readonly row: SessionRow;
}

function Session(props: SessionProps) {
  const { row, store, show, focusHeading } = props;
  const { id } = row;
  const isOpen = store.openId.value === id;
  const details = isOpen ? store.details.value : undefined;
  return (
    <SessionItem
      row={row}
      isOpen={isOpen}
      isSearched={store.wanted.value.filter !== ''}
      onToggle={() => {
        show(isOpen ? undefined : id);
      }}
    >
      {details === undefined ? null : (
        <SessionPanel
          {...props}
          details={details}
          onSignedOut={() => {
            show(undefined);
            focusHeading();
          }}
        />
      )}
    </SessionItem>
  );
}
