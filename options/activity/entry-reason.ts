import type { ActivityEntryView, CallingSession } from '#wire/views.ts';
import { isFaultCode, type FaultCode } from '#core/values/fault.ts';
import { isPageFaultCode, type PageFaultCode } from '#core/values/page-fault.ts';
import { t, type MessageKey } from '#ui/i18n.ts';
import type { PermitRule } from '#wire/page-api.ts';

/** Where the person can mend what refused a call. */
export interface Mend {
  readonly text: string;
  /** A hash of the options page. */
  readonly href: string;
}

const ruleTexts: Readonly<Record<PermitRule, MessageKey>> = {
  'not-connected': 'rule_not_connected',
  consent: 'rule_consent',
  method: 'rule_method',
  header: 'rule_header',
  url: 'rule_url',
  path: 'rule_path',
  site: 'rule_site',
  account: 'rule_account',
  'site-choice': 'rule_site_choice',
  paths: 'rule_paths',
  credentials: 'rule_credentials',
  access: 'rule_access',
  scopes: 'rule_scopes',
  'closed-to-3lo': 'rule_closed_to_3lo',
};

/** What happened to a call that ended with a fault which no rule explains. */
const codeTexts: Readonly<Record<PageFaultCode, MessageKey>> = {
  not_connected: 'rule_not_connected',
  not_allowed: 'call_not_allowed',
  site_required: 'rule_site_choice',
  consent_required: 'rule_consent',
  locked: 'call_locked',
  offline: 'call_offline',
  timeout: 'call_timeout',
  rate_limited: 'call_rate_limited',
  too_large: 'call_too_large',
  invalid_request: 'call_invalid',
  redirect_refused: 'call_redirected',
  outcome_unknown: 'call_outcome_unknown',
  unavailable: 'call_unavailable',
};

const statusTexts: Readonly<Record<number, MessageKey>> = {
  400: 'answer_400',
  401: 'answer_401',
  403: 'answer_403',
  404: 'answer_404',
  409: 'answer_409',
  429: 'answer_429',
};

/** Why something did not succeed, in a person's words; undefined when nothing can be said. */
export function reasonOf(entry: ActivityEntryView): string | undefined {
  const { result, code, rule } = entry;
  if (result === 'ok' || result === 'aborted' || entry.kind !== 'call') return undefined;
  if (rule !== undefined) return t(ruleTexts[rule]);
  if (entry.lacksScope === true) return t('rule_scopes');
  if (entry.isHeld === true) return t('call_held');
  if (code !== undefined && isFaultCode(code)) return textOfCode(code);
  const { status } = entry;
  if (status === undefined) return undefined;
  if (status >= 500) return t('answer_500');
  const key = statusTexts[status];
  return key === undefined ? undefined : t(key);
}

function textOfCode(code: FaultCode): string {
  return isPageFaultCode(code) ? t(codeTexts[code]) : t(`fault_${code}`);
}

/** What a fault names, e.g. a header; undefined when the reason says it already. */
export function subjectOf({ rule, subject }: ActivityEntryView): string | undefined {
  if (rule === undefined) return subject;
  return rule === 'header' ? subject?.replace(/^header /u, '') : undefined;
}

/** The codes after which a new sign-in helps. */
const signInCodes: readonly string[] = [
  'consent_required',
  'grant_rejected',
  'seal_broken',
  'answered_as_anonymous',
] satisfies readonly FaultCode[];

/** Where to mend what refused a call. `session` is the one that would have called, if it still exists. */
export function mendOf(
  { result, code, rule, origin }: ActivityEntryView,
  session: CallingSession | undefined,
): Mend | undefined {
  if (result === 'ok' || result === 'aborted') return undefined;
  if (code === 'client_rejected') {
    const href = session === undefined ? '#/clients' : `#/clients/${session.clientId}`;
    return { text: t('check_client'), href };
  }
  if (rule === 'consent' || (code !== undefined && signInCodes.includes(code))) {
    const href = session === undefined ? '#/sessions' : `#/sessions/${session.id}`;
    return { text: t('sign_in_again'), href };
  }
  const key = rule && connectionMends[rule];
  if (key === undefined) return undefined;
  return { text: t(key), href: `#/connected-pages/${encodeURIComponent(origin)}` };
}

/** What is changed at the connection of the page, by the rule that refused. */
const connectionMends: Readonly<Partial<Record<PermitRule, MessageKey>>> = {
  access: 'allow_writing',
  paths: 'change_paths',
  site: 'change_sites',
  account: 'change_sites',
  'site-choice': 'choose_default_site',
};
