/**
 * Why a request was answered with 401, 403 or 404.
 * - `token`: the gateway does not accept the access token.
 * - `scope`: the access token lacks a scope.
 * - `site`: the consent does not cover this site.
 * - `xsrf`: the XSRF filter stopped the request.
 * - `gateway`: the gateway gave another reason.
 * - `other`: the product behind the gateway answered.
 *
 * Every reason but `other` proves that the product did not process the request.
 */
export type RejectionReason = 'token' | 'scope' | 'site' | 'xsrf' | 'gateway' | 'other';

/**
 * Reads the reason from the body of a 401, 403 or 404, or from the beginning of the body.
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 */
export function rejectionReasonOf(status: number, bodyText: string): RejectionReason {
  const body = parsedJson(bodyText);
  const message = gatewayMessage(status, body);
  if (status === 401) return message === undefined ? 'other' : reasonOfUnauthorized(message);
  if (status === 403) {
    const reported = message ?? onlyErrorMessage(body);
    if (isMessage(reported ?? bodyText.trim(), 'XSRF check failed')) return 'xsrf';
    if (isMessage(reported, 'The app is not installed on this instance')) return 'site';
  }
  return message === undefined ? 'other' : 'gateway';
}

function reasonOfUnauthorized(message: string): RejectionReason {
  if (/scope does not match/iu.test(message)) return 'scope';
  return message === 'Unauthorized' ? 'token' : 'other';
}

/** The message of `{"code":…,"message":…}`, when the code equals the response's status. */
function gatewayMessage(status: number, body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body))
    return undefined;
  return body.code === status && typeof body.message === 'string' ? body.message : undefined;
}

/** The message of `{"errorMessages":[…]}` when it holds exactly one. */
function onlyErrorMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('errorMessages' in body)) return undefined;
  const { errorMessages } = body;
  if (!Array.isArray(errorMessages) || errorMessages.length !== 1) return undefined;
  const [message] = errorMessages as unknown[];
  return typeof message === 'string' ? message : undefined;
}

/** Compares whole messages: a product's own error message may quote any text. */
function isMessage(message: string | undefined, expected: string): boolean {
  return message?.replace(/\.$/u, '').toLowerCase() === expected.toLowerCase();
}

function parsedJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Products also answer with HTML and plain text.
    return undefined;
  }
}
