import { ownFaultTexts } from './own-page-fault.ts';

/**
 * The faults that a connected page can receive: what each means and what to do about it.
 */
export const pageFaultTexts = {
  not_connected:
    'This page is not connected, or its connection expired or was removed. Connect it from the Threelo popup.',
  not_allowed: 'The person did not allow this page to do this.',
  site_required:
    'Several sites are connected and none was chosen. Pass one of `candidates` in the `site` option.',
  consent_required: 'The session has ended. The person has to sign in again in the Threelo popup.',
  locked: 'The stored sessions cannot be decrypted now. Try again later.',
  offline: 'The network or the service cannot be reached. Try again later.',
  timeout: 'The response did not arrive in time. Try again later.',
  rate_limited:
    'The service limits the rate of requests, or too many calls are queued. Wait before you try again.',
  redirect_refused:
    'The response was a redirect. Only those of downloads are followed, within their site and to its media service; nothing was delivered.',
  ...ownFaultTexts,
} as const satisfies Record<string, string>;

/** Advice for a `not_allowed` that refuses a write. Not given when the person denies a request of the page. */
export const writeAccessAdvice =
  'Request write access with requestAccess({ access: "write" }), unless the person has denied it.';

/** Advice for a `not_allowed` that refuses a path which the connection does not cover. */
export const pathsAdvice =
  'This connection covers some paths only. Request others with requestAccess({ paths: [...] }), unless the person has denied it.';

/** A code that a page can receive as `ThreeloError.code`. */
export type PageFaultCode = keyof typeof pageFaultTexts;

/** Every code that a page can receive. Any other code is replaced by one of these, see `toPageFault`. */
export const pageFaultCodes = Object.keys(pageFaultTexts) as readonly PageFaultCode[];

/** Whether a page can receive this code. */
export function isPageFaultCode(code: string): code is PageFaultCode {
  return Object.hasOwn(pageFaultTexts, code);
}
