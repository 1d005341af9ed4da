import { isForm } from '#core/protocol/form-body.ts';

/** The members of a response body: of a JSON object, or of a form; undefined for anything else. */
export function bodyMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? { ...parsed } : undefined;
  } catch {
    // Not JSON. The error is not reported: its message contains the beginning of the text, which may be a token.
  }
  const form = text.trim();
  return isForm(form) ? Object.fromEntries(new URLSearchParams(form)) : undefined;
}

/**
 * The OAuth error code that a body reports, whatever its status and content type: the first token of `error`, which some
 * servers continue with prose after a colon. Undefined for a body of another kind: a web page, `error` that is an object
 * or only prose (`Not Found`), as intermediaries and application servers send it.
 * @see RFC 6749, section 5.2
 */
export function oauthErrorOf(
  members: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  return errorCode(members?.['error']);
}

/** The error code at the beginning of a text; undefined for anything else, which may be free text. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'string') return undefined;
  return /^[a-z][a-z0-9_.-]{0,63}(?=[:\s]|$)/u.exec(error.trimStart())?.[0];
}

/** {@link oauthErrorOf} the text of a body. */
export function oauthError(text: string): string | undefined {
  return oauthErrorOf(bodyMembers(text));
}
