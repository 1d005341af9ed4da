import type { Access } from '#core/grant/page-grant.ts';
import type { SessionProblem, SiteRow } from '#wire/list-views.ts';
import { t, type MessageKey } from '../i18n.ts';

const problemTexts = {
  'sign-in': 'site_problem_sign_in',
  'client-rejected': 'site_problem_client_rejected',
  'key-lost': 'site_problem_key_lost',
  'refresh-refused': 'site_problem_refresh_refused',
  'account-unknown': 'site_problem_account_unknown',
  'other-account': 'site_problem_other_account',
  'site-lost': 'site_problem_site_lost',
} as const satisfies Record<SessionProblem, MessageKey>;

/** In a few words why calls to a site fail. */
export function siteProblemText(problem: SessionProblem): string {
  return t(problemTexts[problem]);
}

/** What is wrong with a site, or why it cannot be called with an access; undefined when nothing is. */
export function servingProblem(
  { problem, scopedAccess }: Pick<SiteRow, 'problem' | 'scopedAccess'>,
  access: Access,
): string | undefined {
  if (problem !== undefined) return siteProblemText(problem);
  if (scopedAccess === 'none') return t('no_scope');
  return scopedAccess === 'read' && access === 'write' ? t('no_write_scope') : undefined;
}
