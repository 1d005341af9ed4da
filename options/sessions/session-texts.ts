import { isUsable } from '#core/session/session.ts';
import { dateTime, t, timeSpan, type MessageKey } from '#ui/i18n.ts';
import { isListUnread, unusableText } from '#ui/sessions/session-state.ts';
import type { SessionDetails, SessionRow } from '#wire/list-views.ts';

/** A text with what is filled in, as the arguments of `t`. */
export type Told = readonly [key: MessageKey, ...names: string[]];

/** What is wrong with a session, and what to do; the most important first. */
export function problemsOf(row: SessionRow): Told[] {
  const { clientName, refreshError } = row;
  const told: Told[] = [];
  if (row.isKeyPairLost === true) told.push(['client_key_lost', clientName]);
  else if (row.isClientRejected) told.push(['client_refused', clientName]);
  if (!isUsable(row)) told.push([unusableText(row)]);
  else if (refreshError !== undefined) told.push(['session_refresh_refused', refreshError]);
  if (!row.isIdentified) told.push(['account_pending']);
  if (isUsable(row) && row.siteCount === 0)
    told.push([isListUnread(row) ? 'fault_sites_unread' : 'session_without_sites']);
  return told;
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
