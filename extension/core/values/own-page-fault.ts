/**
 * The faults of which the page's side of the extension learns first. Separate from the others, because these texts are loaded
 * with every connected page.
 */
export const ownFaultTexts = {
  too_large: 'The body of the request is larger than 25 MiB, the limit for one call.',
  invalid_request: 'The request is not valid. Change it before you try again.',
  outcome_unknown:
    'The request was sent, but no response arrived that tells whether it took effect. Check that before you repeat it.',
  unavailable:
    'The extension was updated or restarted during the call. Reload the page or try again.',
} as const satisfies Record<string, string>;

/** A code of one of them. */
export type OwnFaultCode = keyof typeof ownFaultTexts;

/** A fault that occurs in the page or the content script, as data. */
export interface PageFault {
  readonly code: OwnFaultCode;
  readonly message: string;
  /** What is refused: the name of a header or of an option. */
  readonly subject?: string;
}

/** Creates a {@link PageFault} from its code; the subject is appended to the message in parentheses. */
export function pageFault(code: OwnFaultCode, subject?: string): PageFault {
  const message = ownFaultTexts[code];
  return subject === undefined
    ? { code, message }
    : { code, message: `${message} (${subject})`, subject };
}
