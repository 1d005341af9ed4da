/**
 * What a 401, 403 or 404 is about. `token`: the gateway does not take the token. `scope`: the token lacks a scope.
 * `site`: the grant does not cover this site. `xsrf`: the XSRF filter stopped the request. `gateway`: the
 * gateway's own form in other words. The products behind the gateway say `other`. All but `other` prove
 * that nothing ran.
 */
export type Refusal = 'token' | 'scope' | 'site' | 'xsrf' | 'gateway' | 'other';

/**
 * Reads the body of a 401, 403 or 404, or its beginning.
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 */
export function readRefusal(status: number, bodyText: string): Refusal {
  const body = parsed(bodyText);
  const own = gatewayMessage(status, body);
  if (status === 401) return own === undefined ? 'other' : ofUnauthorized(own);
  if (status === 403) {
    const said = own ?? soleErrorMessage(body) ?? bodyText.trim();
    if (isSaid(said, 'XSRF check failed')) return 'xsrf';
    if (isSaid(own ?? soleErrorMessage(body), 'The app is not installed on this instance'))
      return 'site';
  }
  return own === undefined ? 'other' : 'gateway';
}

function ofUnauthorized(message: string): Refusal {
  if (/scope does not match/iu.test(message)) return 'scope';
  return message === 'Unauthorized' ? 'token' : 'other';
}

/** The message of `{"code":…,"message":…}`, when the code is the answer's status. */
function gatewayMessage(status: number, body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body))
    return undefined;
  return body.code === status && typeof body.message === 'string' ? body.message : undefined;
}

/** The one message of `{"errorMessages":[…]}`. */
function soleErrorMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('errorMessages' in body)) return undefined;
  const { errorMessages } = body;
  if (!Array.isArray(errorMessages) || errorMessages.length !== 1) return undefined;
  const [message] = errorMessages as unknown[];
  return typeof message === 'string' ? message : undefined;
}

/** Whole messages only: a product's own answer may quote any text. */
function isSaid(message: string | undefined, words: string): boolean {
  return message?.replace(/\.$/u, '').toLowerCase() === words.toLowerCase();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Products answer HTML and plain text too.
    return undefined;
  }
}
