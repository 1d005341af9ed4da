import { toFault, toPageFault, type Fault } from '#core/values/fault.ts';
import { isPageFaultCode, type PageFaultCode } from '#core/values/page-fault.ts';
import type { Permitted, RefusingRule } from './page-api.ts';

/** The rule of each fault, by its code and the first word of its subject. Without a word: of all others with the code. */
export const refusingRules: Readonly<
  Partial<Record<PageFaultCode, Readonly<Record<string, RefusingRule>>>>
> = {
  not_connected: { '': 'not-connected' },
  consent_required: { '': 'consent' },
  site_required: { '': 'site-choice' },
  invalid_request: { method: 'method', url: 'url', path: 'path', header: 'header' },
  not_allowed: {
    site: 'site',
    account: 'account',
    paths: 'paths',
    path: 'credentials',
    POST: 'access',
    PUT: 'access',
    PATCH: 'access',
    DELETE: 'access',
  },
};

/** The rule by which a call with this fault was refused; undefined when it was not a rule that refused it. */
export function ruleOf(inner: Fault): RefusingRule | undefined {
  const { code, subject = '' } = toPageFault(inner);
  const ofCode = isPageFaultCode(code) ? refusingRules[code] : undefined;
  const [word = ''] = subject.split(' ', 1);
  return ofCode?.[word] ?? ofCode?.[''];
}

/**
 * The answer for a call that is refused with this fault.
 * @throws what is no refusal of a rule, such as a storage that cannot be read
 */
export function refusalOf(thrown: unknown): Permitted {
  const inner = toFault(thrown);
  const { code, message, candidates } = toPageFault(inner);
  const rule = ruleOf(inner);
  if (rule === undefined || !isPageFaultCode(code)) throw thrown;
  return { ok: false, code, message, rule, ...(candidates === undefined ? {} : { candidates }) };
}
