import type { ApiReply, ApiRequest } from '../../extension/wire/api-call.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { SessionView } from '../../extension/wire/views.ts';
import type { LogEntry } from '../standin/http/traffic-log.ts';
import type { Standin } from '../standin/standin.ts';

/** A call as the page shim would send it. */
export function aCall(changes: Partial<ApiRequest> = {}): ApiRequest {
  return {
    callId: crypto.randomUUID(),
    method: 'GET',
    input: '/rest/api/3/myself',
    headers: [],
    body: null,
    writtenBytes: 0,
    ...changes,
  };
}

/** Sends a call and reads its answer to the end. */
export async function fetchAll(
  page: Send,
  changes: Partial<ApiRequest> = {},
): Promise<ApiReply & { readonly bytes: Buffer }> {
  const call = aCall(changes);
  const reply = await page('api.request', call);
  const pieces = [reply.chunk];
  let { isComplete } = reply;
  while (!isComplete) {
    const next = await page('api.read', { callId: call.callId });
    pieces.push(next.chunk);
    isComplete = next.isComplete;
  }
  return { ...reply, bytes: Buffer.concat(pieces.map((piece) => Buffer.from(piece))) };
}

/** Text as the body of a call. */
export function bodyOf(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

/** The sites of a session at one address, so that no question has to be asked. */
export function sitesAt(session: SessionView, name: string): SessionView['sites'] {
  return session.sites.filter(({ url }) => url.includes(name));
}

/** Whether the body of a request to any token endpoint has a refresh token; a probe has none. */
export function hasRefreshToken({ bodyText }: Pick<LogEntry, 'bodyText'>): boolean {
  return /(?:^|[&{,])"?refresh_token"?[=:]/u.test(bodyText);
}

/** The token requests of one kind that the stand-in saw, without probes. */
export function tokenRequests(
  standin: Standin,
  grantType: 'authorization_code' | 'refresh_token',
): LogEntry[] {
  return standin.log
    .requests({ path: '/oauth/token', method: 'POST' })
    .filter((entry) =>
      grantType === 'refresh_token' ? hasRefreshToken(entry) : entry.bodyText.includes(grantType),
    );
}

/** The calls of a product's API that the stand-in saw. */
export function apiCalls(standin: Standin): LogEntry[] {
  return standin.log.requests({ host: 'api.atlassian.com', path: /^\/ex\// });
}
