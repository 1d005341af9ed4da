import { isUsable } from '#core/session/session.ts';
import type { IconState } from '#ui/controls/state-icon.tsx';
import { dateTime, t, timeSpan, type MessageKey } from '#ui/i18n.ts';
import type { SessionDetails, SessionProblem, SessionRow } from '#wire/list-views.ts';

/** The state of a session as a word, and the icon beside it. */
export interface ShownState {
  readonly icon: IconState;
  readonly word: string;
}

const problemWords: Readonly<Record<SessionProblem, MessageKey>> = {
  'sign-in': 'status_recoverable',
  'client-rejected': 'state_client_refused',
  'key-lost': 'state_key_lost',
  'refresh-refused': 'state_not_renewed',
  'account-unknown': 'state_account_unknown',
  'other-account': 'status_recoverable',
  'site-lost': 'status_recoverable',
};

export function stateOf({ status, problem }: SessionRow): ShownState {
  if (status === 'unrecoverable') return { icon: 'failed', word: t('status_unrecoverable') };
  if (problem !== undefined) return { icon: 'attention', word: t(problemWords[problem]) };
  return { icon: status === 'valid' ? 'good' : 'none', word: t(`status_${status}`) };
}

/** A text with what is filled in, as the arguments of `t`. */
export type Told = readonly [key: MessageKey, ...names: string[]];

/** What is wrong with a session, and what to do; the most important first. */
export function problemsOf(row: SessionRow): Told[] {
  const { clientName, refreshError, status } = row;
  const told: Told[] = [];
  if (row.isKeyPairLost === true) told.push(['client_key_lost', clientName]);
  else if (row.isClientRejected) told.push(['client_refused', clientName]);
  if (!isUsable(row)) told.push([unusableText(row)]);
  else if (refreshError !== undefined) told.push(['session_refresh_refused', refreshError]);
  if (!row.isIdentified) told.push(['account_pending']);
  if (isUsable({ status }) && row.siteCount === 0) {
    const isRead = row.sitesReadAtMs !== undefined && row.unreadableSites === undefined;
    told.push([isRead ? 'session_without_sites' : 'fault_sites_unread']);
  }
  return told;
}

function unusableText({ status, probableCause }: SessionRow): MessageKey {
  if (status !== 'recoverable') return 'session_unrecoverable';
  const isElsewhere = probableCause === 'signed-in-elsewhere';
  return isElsewhere ? 'session_signed_in_elsewhere' : 'session_recoverable';
}

/** When a session ends, and why. */
export function endText({ row, renewableUntilMs }: SessionDetails): string {
  const { endsAtMs, isShortLived, statusSinceMs, refreshedAtMs } = row;
  if (!isUsable(row)) return t('session_over_since', dateTime(statusSinceMs));
  if (endsAtMs !== undefined) {
    return t(isShortLived ? 'session_ends_soon' : 'session_ends', dateTime(endsAtMs));
  }
  if (renewableUntilMs === undefined) return t('session_renewed_by_itself');
  const lifetime = timeSpan(renewableUntilMs - refreshedAtMs);
  return t('session_renewable_until', dateTime(renewableUntilMs), lifetime);
}
