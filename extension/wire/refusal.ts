import { toFault, toPageFault } from '#core/values/fault.ts';
import { isPageFaultCode, type PageFaultCode } from '#core/values/page-fault.ts';
import type { Permitted, RefusingRule } from './page-api.ts';

/** The rule of each fault, by its code and subject. Without a subject: of all others with the code. */
export const refusingRules: Readonly<
  Partial<Record<PageFaultCode, Readonly<Record<string, RefusingRule>>>>
> = {
  not_connected: { '': 'not-connected' },
  consent_required: { '': 'consent' },
  site_required: { '': 'site-choice' },
  invalid_request: { method: 'method', url: 'url', path: 'path', '': 'header' },
  not_allowed: {
    site: 'site',
    account: 'account',
    paths: 'paths',
    path: 'credentials',
    '': 'access',
  },
};

/**
 * The answer for a call that is refused with this fault.
 * @throws what is no refusal of a rule, such as a storage that cannot be read
 */
export function refusalOf(thrown: unknown): Permitted {
  const { code, message, subject = '', candidates } = toPageFault(toFault(thrown));
  const ofCode = isPageFaultCode(code) ? refusingRules[code] : undefined;
  const rule = ofCode?.[subject] ?? ofCode?.[''];
  if (rule === undefined || !isPageFaultCode(code)) throw thrown;
  return { ok: false, code, message, rule, ...(candidates === undefined ? {} : { candidates }) };
}
