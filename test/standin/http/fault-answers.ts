import { html, json, redirect, type Answer } from './answer.ts';
import type { FaultAction } from './faults.ts';
import { parseJson, type Incoming } from './incoming.ts';

const PORTAL = `<!doctype html><html><head><title>Welcome to Hotel Wi-Fi</title></head>
<body><h1>Welcome</h1><p>Please accept the terms to use the network.</p></body></html>`;

/** The answer a fault gives instead of the server's own; undefined when the server is to act. */
export function answerInstead(action: FaultAction, nowMs: number): Answer | undefined {
  switch (action.kind) {
    case 'status':
      return {
        status: action.status,
        headers: { 'content-type': action.contentType ?? 'text/plain', ...action.headers },
        body: action.body ?? '',
      };
    case 'rate-limit':
      return rateLimited(action, nowMs);
    case 'stream': {
      const type = action.contentType ?? 'application/octet-stream';
      return { status: 200, headers: { 'content-type': type }, stream: action.pieces() };
    }
    case 'html':
      return html(200, PORTAL);
    case 'redirect':
      return redirect(action.status, action.location);
    default:
      return undefined;
  }
}

/** The server's own answer, bent as the fault says. */
export function bendAnswer(action: FaultAction, answer: Answer, incoming: Incoming): Answer {
  if (action.kind === 'content-type') {
    return { ...answer, headers: { ...answer.headers, 'content-type': action.value } };
  }
  if (action.kind !== 'echo-authorization') return answer;
  const authorization = incoming.headers['authorization'] ?? '';
  return {
    ...answer,
    headers: { ...answer.headers, 'x-echo-authorization': authorization },
    body: withEcho(Buffer.from(answer.body ?? '').toString('utf8'), authorization),
  };
}

function withEcho(body: string, authorization: string): string {
  const parsed = parseJson(body);
  if (Array.isArray(parsed)) return JSON.stringify([...(parsed as unknown[]), authorization]);
  if (typeof parsed === 'object' && parsed !== null) {
    return JSON.stringify({ ...parsed, echoedAuthorization: authorization });
  }
  return `${body}\n${authorization}`;
}

function rateLimited(action: Extract<FaultAction, { kind: 'rate-limit' }>, nowMs: number): Answer {
  const { retryAfterSeconds = 5, reason = 'jira-burst-based' } = action;
  const seconds = typeof retryAfterSeconds === 'number' ? retryAfterSeconds : 60;
  const reset = {
    'x-ratelimit-reset': `${new Date(nowMs + seconds * 1000).toISOString().slice(0, 16)}Z`,
  };
  const ofBurst = {
    ...reset,
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-nearlimit': 'true',
  };
  const name = reason.includes('tenant') ? 'tenant-app-quota' : 'global-app-quota';
  const ofQuota = { ...reset, 'beta-ratelimit': `"${name}";r=0;t=${seconds}` };
  return json(
    429,
    { errorMessages: ['Rate limit exceeded.'], errors: {} },
    {
      ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
      'ratelimit-reason': reason,
      ...(reason.includes('burst') ? ofBurst : {}),
      ...(reason.includes('quota') ? ofQuota : {}),
    },
  );
}
