import type { ComponentChildren } from 'preact';
import { accountName } from '#ui/account-text.ts';
import { Name, Names } from '#ui/controls/name.tsx';
import { dateTime, t, tCount } from '#ui/i18n.ts';
import { siteName } from '#ui/notices/site-label.tsx';
import { sessionState } from '#ui/sessions/session-state.ts';
import type { SessionRow } from '#wire/list-views.ts';
import { OpeningItem } from '../items/opening-item.tsx';

interface SessionItemProps {
  readonly row: SessionRow;
  readonly isOpen: boolean;
  readonly isSearched: boolean;
  readonly onToggle: () => void;
  /** What is shown of the open session. */
  readonly children: ComponentChildren;
}

/** One session in the list: its account, client and state; opened, everything else. */
export function SessionItem({ row, isOpen, isSearched, onToggle, children }: SessionItemProps) {
  const { id, account, clientName, siteCount, lastUsedAtMs, matchingSites } = row;
  const { state, text: stateText } = sessionState(row);
  const name = accountName(account);
  const others = [account.name, account.email].filter(
    (text): text is string => text !== undefined && text !== name,
  );
  return (
    <OpeningItem
      detailsId={`details-${id}`}
      title={<Name text={name} />}
      below={
        <>
          <span class="muted small">
            {[...others, clientName].map((text, at) => (
              <span key={`${text} ${at}`}>
                {at === 0 ? null : ' · '}
                <Name text={text} />
              </span>
            ))}
          </span>
          {isSearched && matchingSites.length > 0 ? (
            <span class="muted small">
              <Names of={matchingSites.map(siteName)} />
            </span>
          ) : null}
        </>
      }
      icon={state}
      state={stateText}
      numbers={
        <>
          {tCount('sites_count', siteCount)}
          {lastUsedAtMs === undefined ? null : <> · {t('last_used_on', dateTime(lastUsedAtMs))}</>}
        </>
      }
      isOpen={isOpen}
      onToggle={onToggle}
    >
      {children}
    </OpeningItem>
  );
}
