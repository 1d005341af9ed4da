import { json, text, type Answer } from '../http/answer.ts';

/** The gateway's own error form. */
export function gatewayError(code: number, message: string): Answer {
  return json(code, { code, message });
}

/** The token is missing, malformed, expired or revoked. */
export const unauthorized = (): Answer => gatewayError(401, 'Unauthorized');

/** The token is good but its scopes do not reach this endpoint. */
export const scopeMismatch = (): Answer => gatewayError(401, 'Unauthorized; scope does not match');

/** The grant does not cover this site or this product. */
export const notInstalled = (): Answer =>
  gatewayError(403, 'The app is not installed on this instance');

/** Jira's form. */
export function jiraError(
  status: number,
  messages: readonly string[],
  errors: Readonly<Record<string, string>> = {},
): Answer {
  return json(status, { errorMessages: messages, errors });
}

/** Confluence's form (REST v1). */
export function confluenceError(status: number, message: string): Answer {
  const translation = { key: message, args: [], translation: message };
  return json(status, {
    statusCode: status,
    data: { authorized: status !== 403, valid: true, errors: [{ message: translation }] },
    message,
  });
}

/** Confluence's form (REST v2). */
export function confluenceV2Error(status: number, code: string, title: string): Answer {
  return json(status, { errors: [{ status, code, title, detail: null }] });
}

/** The form of an upstream Spring service. */
export function springError(status: number, error: string, path: string, nowMs: number): Answer {
  const timestamp = new Date(nowMs).toISOString();
  return json(status, { timestamp, status, error, message: 'No message available', path });
}

/** An RFC 9457 problem. */
export function problem(status: number, title: string): Answer {
  const body = { type: 'about:blank', title, status, detail: title };
  return { ...json(status, body), headers: { 'content-type': 'application/problem+json' } };
}

/** What the XSRF filter answers. */
export const xsrfFailed = (): Answer => text(403, 'XSRF check failed');
