/** What a 401 of the gateway says about the token that was sent. */
export type Refusal = 'token' | 'scope' | 'other';

/**
 * Reads the body of a 401. The gateway's own `{"code":401,"message":"Unauthorized"}` proves that nothing
 * ran; with `scope does not match` no refresh helps; anything else may come from the product behind.
 */
export function readRefusal(bodyText: string): Refusal {
  const body = parsed(bodyText);
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body))
    return 'other';
  if (body.code !== 401 || typeof body.message !== 'string') return 'other';
  if (/scope does not match/iu.test(body.message)) return 'scope';
  return body.message === 'Unauthorized' ? 'token' : 'other';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Products answer HTML and plain text too.
    return undefined;
  }
}
