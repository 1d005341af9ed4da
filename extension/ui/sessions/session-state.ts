import type { SessionProblem, SessionRow } from '#wire/list-views.ts';
import type { IconState } from '../controls/state-icon.tsx';
import { t, type MessageKey } from '../i18n.ts';

/** What a list says of a session, as a word with an icon. */
export interface SessionState {
  readonly state: IconState;
  readonly text: string;
}

const problems = {
  'sign-in': ['attention', 'status_recoverable'],
  'client-rejected': ['failed', 'state_client_refused'],
  'key-lost': ['failed', 'state_key_lost'],
  'refresh-refused': ['attention', 'state_not_renewed'],
  'account-unknown': ['attention', 'account_unknown'],
  'other-account': ['attention', 'state_other_account'],
  'site-lost': ['attention', 'state_sites_lost'],
} as const satisfies Record<SessionProblem, readonly [IconState, MessageKey]>;

export function sessionState(session: SessionRow): SessionState {
  const { problem, status, missingScopes, lostSites } = session;
  if (problem === 'sign-in' && status === 'unrecoverable')
    return { state: 'failed', text: t('status_unrecoverable') };
  if (problem !== undefined) {
    const [state, key] = problems[problem];
    return { state, text: t(key) };
  }
  if (isListUnread(session)) return { state: 'attention', text: t('state_sites_unread') };
  if (session.siteCount === 0) return { state: 'attention', text: t('state_no_site') };
  if (lostSites.length > 0) return { state: 'attention', text: t('state_sites_lost') };
  if (missingScopes.length > 0) return { state: 'attention', text: t('state_scopes_missing') };
  if (session.isShortLived) return { state: 'attention', text: t('state_ends_soon') };
  return status === 'valid'
    ? { state: 'good', text: t('status_valid') }
    : { state: 'none', text: t(`status_${status}`) };
}

/** Whether the list of sites was not read in full: a missing site may still be granted. */
export function isListUnread({
  siteCount,
  sitesReadAtMs,
  unreadableSites,
}: Pick<SessionRow, 'siteCount' | 'sitesReadAtMs' | 'unreadableSites'>): boolean {
  return unreadableSites !== undefined || (siteCount === 0 && sitesReadAtMs === undefined);
}

/** Why a session serves no call until the person signs in again. */
export function unusableText({
  status,
  probableCause,
}: Pick<SessionRow, 'status' | 'probableCause'>): MessageKey {
  if (status === 'unrecoverable') return 'session_unrecoverable';
  if (probableCause === undefined) return 'session_recoverable';
  return probableCause === 'client-edited'
    ? 'session_client_edited'
    : 'session_signed_in_elsewhere';
}

/** What mends a session: a new sign-in, or a change of its client. */
export type Remedy = 'sign-in' | 'client';

/** What mends a session that serves no call. */
export function remedyOf(problem: SessionProblem): Remedy;
export function remedyOf(problem: SessionProblem | undefined): Remedy | undefined;
export function remedyOf(problem: SessionProblem | undefined): Remedy | undefined {
  if (problem === undefined) return undefined;
  return problem === 'client-rejected' || problem === 'key-lost' ? 'client' : 'sign-in';
}
