import type { ComponentChildren } from 'preact';
import type { SessionRow } from '#wire/list-views.ts';
import { Names, Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { dateTime, t, tCount } from '../i18n.ts';
import { LostSites } from './lost-sites.tsx';
import { isListUnread, remedyOf, unusableText } from './session-state.ts';

interface SessionNoticeProps {
  readonly session: SessionRow;
  /** The button that opens the client. */
  readonly checkClient: ComponentChildren;
  /** The button that renews the session. */
  readonly signInAgain: ComponentChildren;
}

/** Everything that is wrong with a session, or soon will be, with the button that mends it. */
export function SessionNotice({ session, checkClient, signInAgain }: SessionNoticeProps) {
  const { problem, endsAtMs, isShortLived } = session;
  if (remedyOf(problem) === 'client') {
    return (
      <Notice tone="warn" actions={checkClient}>
        <p>
          <Sentence
            of={problem === 'key-lost' ? 'client_key_lost' : 'client_refused'}
            names={[session.clientName]}
          />
        </p>
      </Notice>
    );
  }
  const reasons = reasonsOf(session);
  return (
    <>
      {reasons.length === 0 ? (
        endsAtMs === undefined ? null : (
          <p class="small">
            {t(isShortLived ? 'session_ends_soon' : 'session_ends', dateTime(endsAtMs))}
          </p>
        )
      ) : (
        <Notice tone="warn" actions={signInAgain}>
          {reasons.map((reason, at) => (
            <p key={at}>{reason}</p>
          ))}
          {endsAtMs === undefined ? null : <p>{t('session_ends', dateTime(endsAtMs))}</p>}
        </Notice>
      )}
      <UnreadSites session={session} />
    </>
  );
}

/** What a new sign-in mends. */
function reasonsOf(session: SessionRow): ComponentChildren[] {
  const { problem, refreshError, lostSites, missingScopes, siteCount } = session;
  return [
    ...(problem === 'sign-in' ? [t(unusableText(session))] : []),
    ...(problem === 'refresh-refused' && refreshError !== undefined
      ? [<Sentence of="session_refresh_refused" names={[refreshError]} />]
      : []),
    ...(session.isIdentified ? [] : [t('account_pending')]),
    ...(problem !== 'sign-in' && siteCount === 0 && !isListUnread(session)
      ? [t('session_without_sites')]
      : []),
    ...(lostSites.length === 0 ? [] : [<LostSites session={session} />]),
    ...(missingScopes.length === 0
      ? []
      : [<Sentence of="scopes_missing" names={[<Names of={missingScopes} />]} />]),
  ];
}

/** What could not be read of the list of sites. Reading it again needs no sign-in. */
function UnreadSites({ session }: Pick<SessionNoticeProps, 'session'>) {
  const { problem, unreadableSites } = session;
  if (problem === 'sign-in' || !isListUnread(session)) return null;
  return (
    <Notice tone="warn">
      <p>
        {unreadableSites === undefined
          ? t('fault_sites_unread')
          : tCount('sites_unreadable', unreadableSites)}
      </p>
    </Notice>
  );
}
