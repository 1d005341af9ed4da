/**
 * The faults that a connected page can receive: what each means and what to do about it. Separate from the other
 * faults, because the content script, which is loaded with every connected page, contains these texts.
 */
export const pageFaultTexts = {
  not_connected:
    'This page is not connected, or its connection expired or was removed. Connect it from the Threelo popup.',
  not_allowed: 'The person did not allow this page to do this.',
  site_required:
    'Several sites are connected and none was chosen. Pass one of them in the `site` option.',
  consent_required: 'The session has ended. The person has to sign in again in the Threelo popup.',
  locked: 'The stored sessions cannot be decrypted now. Try again later.',
  offline: 'The network or the service cannot be reached. Try again later.',
  timeout: 'The response did not arrive in time. Try again later.',
  rate_limited:
    'The service limits the rate of requests, or too many calls are queued. Wait before you try again.',
  too_large: 'The body of the request is larger than 25 MiB, the limit for one call.',
  invalid_request: 'The request is not valid. Change it before you try again.',
  redirect_refused:
    'The response was a redirect. Only those of downloads are followed, within their site and to its media service; nothing was delivered.',
  outcome_unknown:
    'The request was sent, but no response arrived that tells whether it took effect. Check that before you repeat it.',
  unavailable:
    'The extension was updated or restarted during the call. Reload the page or try again.',
} as const satisfies Record<string, string>;

/** Advice for a `not_allowed` that refuses a write. Not given when the person denies a request of the page. */
export const writeAccessAdvice =
  'Request write access with requestAccess({ access: "write" }), unless the person has denied it.';

/** A code that a page can receive as `ThreeloError.code`. */
export type PageFaultCode = keyof typeof pageFaultTexts;

/** Every code that a page can receive. Any other code is replaced by one of these, see `toPageFault`. */
export const pageFaultCodes = Object.keys(pageFaultTexts) as readonly PageFaultCode[];

/** Whether a page can receive this code. */
export function isPageFaultCode(code: string): code is PageFaultCode {
  return Object.hasOwn(pageFaultTexts, code);
}

/** A fault that occurs in the page or the content script, as data. */
export interface PageFault {
  readonly code: PageFaultCode;
  readonly message: string;
  /** What is refused: the name of a header or of an option. */
  readonly subject?: string;
}

/** Creates a {@link PageFault} from its code; the subject is appended to the message in parentheses. */
export function pageFault(code: PageFaultCode, subject?: string): PageFault {
  const message = pageFaultTexts[code];
  return subject === undefined
    ? { code, message }
    : { code, message: `${message} (${subject})`, subject };
}
