import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Origin } from '#core/values/origin.ts';
import { Button } from '#ui/controls/button.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ScopeActions } from '#ui/state/scope-actions.ts';
import type { ClientView } from '#wire/views.ts';
import { AskingPanel } from '../items/asking-panel.tsx';
import { byDay } from './activity-days.ts';
import { ActivityFilters } from './activity-filters.tsx';
import type { ActivityStore } from './activity-store.ts';
import { EntryRow } from './entry-row.tsx';
import { plainText } from './entry-text.ts';
import { PageCounts } from './page-counts.tsx';

interface ActivityViewProps {
  readonly store: ActivityStore;
  readonly clients: readonly ClientView[];
  readonly scopeActions: ScopeActions;
  readonly isFlowRunning: boolean;
  /** Shows the entries of one page, or of all. */
  readonly showPage: (origin: Origin | undefined) => void;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
}

/** What connected pages and other extensions did. */
export function ActivityView(props: ActivityViewProps) {
  const { store } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const view = store.view.value;
  const fault = store.loadFault.value ?? store.pendingActions.fault.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('activity')}
      </h1>
      <FaultNotice fault={fault} />
      {view === undefined ? null : !view.isOn ? (
        <LogOff />
      ) : (
        <Log {...props} focusHeading={() => heading.current?.focus()} />
      )}
    </>
  );
}

function LogOff() {
  return (
    <section class="card stack">
      <h2>{t('activity_off_title')}</h2>
      <p>{t('activity_off_text')}</p>
      <p>
        <a href="#/settings">{t('open_settings')}</a>
      </p>
    </section>
  );
}

interface LogProps extends ActivityViewProps {
  readonly focusHeading: () => void;
}

function Log(props: LogProps) {
  const { store } = props;
  const { entries = [], days = [] } = store.view.value ?? {};
  if (entries.length === 0) {
    return (
      <>
        <NothingYet />
        {days.length === 0 ? null : <Toolbar {...props} />}
        <PageCounts store={store} />
      </>
    );
  }
  return (
    <>
      <p class="muted">{t('activity_hint')}</p>
      <ActivityFilters store={store} showPage={props.showPage} />
      <Toolbar {...props} />
      <Entries {...props} />
      <PageCounts store={store} />
    </>
  );
}

function NothingYet() {
  return (
    <section class="card stack">
      <h2>{t('activity_empty_title')}</h2>
      <p>{t('activity_empty_text')}</p>
      <p>
        <a href="#/connected-pages">{t('see_connected_pages')}</a>
      </p>
    </section>
  );
}

function Toolbar({ store, copyText, focusHeading }: LogProps) {
  const entries = store.entries.value;
  const isAsking = useSignal(false);
  const copied = useSignal<typeof entries | undefined>(undefined);
  const isCancelled = useRef(false);
  const cancel = (): void => {
    isAsking.value = false;
    isCancelled.current = true;
  };
  useLayoutEffect(() => {
    // The panel is gone, with the focused button.
    if (isCancelled.current) document.getElementById('clear-activity-button')?.focus();
    isCancelled.current = false;
  });
  const erase = async (): Promise<void> => {
    const isCleared = await store.clear();
    isAsking.value = false;
    if (isCleared) focusHeading();
  };
  const copy = async (): Promise<void> => {
    copied.value = (await copyText(plainText(entries))) ? entries : undefined;
  };
  if (isAsking.value) {
    return (
      <AskingPanel
        id="clear-activity"
        level={2}
        title={t('clear_activity_title')}
        action={t('erase')}
        isWaiting={store.pendingActions.running.value.has('clear')}
        onConfirm={() => void erase()}
        onCancel={cancel}
      >
        <p>{t('clear_activity_text')}</p>
      </AskingPanel>
    );
  }
  return (
    <div class="row row-spread">
      <span class="muted" role="status">
        {tCount('activity_count', entries.length)}
      </span>
      <div class="row">
        <span role="status">{copied.value === entries ? t('copied') : ''}</span>
        <Button disabled={entries.length === 0} onClick={() => void copy()}>
          {t('copy_as_text')}
        </Button>
        <Button
          id="clear-activity-button"
          kind="danger"
          onClick={() => {
            isAsking.value = true;
          }}
        >
          {t('clear')}
        </Button>
      </div>
    </div>
  );
}

function Entries(props: LogProps) {
  const { store, showPage } = props;
  const sessions = store.view.value?.sessions ?? [];
  const entries = store.entries.value;
  const drawn = entries.slice(0, store.drawnCount.value);
  if (entries.length === 0) {
    return (
      <p class="card row">
        {t('activity_nothing_matches')}
        <Button
          onClick={() => {
            store.setFilter({ site: '', result: '' });
            showPage(undefined);
            props.focusHeading();
          }}
        >
          {t('show_all')}
        </Button>
      </p>
    );
  }
  return (
    <>
      {byDay(drawn, store.loadedAtMs.value).map(({ key, title, entries: ofDay }) => (
        <section key={key} class="stack stack-tight" aria-labelledby={`day-${key}`}>
          <h2 id={`day-${key}`}>{title}</h2>
          <ol class="entries">
            {ofDay.map((entry) => (
              <EntryRow key={entry.id} {...props} entry={entry} sessions={sessions} />
            ))}
          </ol>
        </section>
      ))}
      <More store={store} drawn={drawn.length} total={entries.length} />
    </>
  );
}

interface MoreProps {
  readonly store: ActivityStore;
  readonly drawn: number;
  readonly total: number;
}

/** How many entries are drawn, and the button for more. */
function More({ store, drawn, total }: MoreProps) {
  const count = useRef<HTMLParagraphElement>(null);
  const isPressed = useRef(false);
  const isAll = drawn === total;
  useLayoutEffect(() => {
    // The pressed button is gone with the last entries.
    if (isAll && isPressed.current) count.current?.focus();
    isPressed.current = false;
  }, [isAll, drawn]);
  return (
    <div class="row">
      <p class="muted small" ref={count} tabIndex={-1}>
        {t('activity_shown', numberText(drawn), numberText(total))}
      </p>
      {isAll ? null : (
        <Button
          onClick={() => {
            isPressed.current = true;
            store.drawMore();
          }}
        >
          {t('show_more')}
        </Button>
      )}
    </div>
  );
}
