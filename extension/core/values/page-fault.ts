/**
 * What a connected page can be told, with what it means and what to do about it. Apart from the other faults, for the
 * content script carries these texts into every load of the page.
 */
export const pageFaultTexts = {
  not_connected:
    'This page is not connected, or its connection has ended. Connect it from the Threelo popup.',
  not_allowed:
    'The person did not allow this. A read connection refuses writes; ask with requestAccess({ access: "write" }).',
  site_required: 'Several sites are connected and none was chosen. Name one in the `site` option.',
  consent_required:
    'The session has ended or lacks a scope. The person has to sign in again in the Threelo popup.',
  locked: 'The stored sessions cannot be opened now.',
  offline: 'The network or the service cannot be reached. Try again later.',
  timeout: 'The answer did not come in time. Try again later.',
  rate_limited:
    'The service asks to wait, or too many calls are queued. Wait before you try again.',
  too_large: 'The body is larger than 8 MiB, the most that a call carries.',
  invalid_request: 'The request is not one that can be sent.',
  redirect_refused:
    'The answer was a redirect, which is never followed. Ask for attachments of Jira or Confluence with redirect=false.',
  outcome_unknown:
    'The request was sent, and what became of it is not known: it may or may not have taken effect. Look before you repeat it.',
  unavailable:
    'The extension was updated or restarted during the call. Reload the page or try again.',
} as const satisfies Record<string, string>;

/** A code that a page can receive as `ThreeloError.code`. */
export type PageFaultCode = keyof typeof pageFaultTexts;

/** The codes that may cross to a page; every other one is told as one of these there. */
export const pageFaultCodes = Object.keys(pageFaultTexts) as readonly PageFaultCode[];

/** Whether a page may be told a code as it is. */
export function isPageFaultCode(code: string): code is PageFaultCode {
  return Object.hasOwn(pageFaultTexts, code);
}

/** A fault that never reached the worker, as data. */
export interface PageFault {
  readonly code: PageFaultCode;
  readonly message: string;
  /** What exactly is refused: a header's name, an option. */
  readonly subject?: string;
}

/** A fault of the page's own side, made from its code. */
export function pageFault(code: PageFaultCode, subject?: string): PageFault {
  const message = pageFaultTexts[code];
  return subject === undefined
    ? { code, message }
    : { code, message: `${message} (${subject})`, subject };
}
