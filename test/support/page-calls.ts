import { BrokerError } from '../../extension/core/values/fault.ts';
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

/** Lets everything happen that needs no further input. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Lets time pass while work waits for it, in steps of a tenth of a second. */
export async function whileTimePasses<T>(
  { elapse }: { readonly elapse: (ms: number) => void },
  work: Promise<T>,
): Promise<T> {
  const done = work.then(
    () => 'done',
    () => 'done',
  );
  while ((await Promise.race([done, settled()])) === undefined) elapse(100);
  return work;
}

/** The outcome of a call: the status of its response, or the code of its fault. */
export async function codeOf(call: Promise<{ readonly status: number }>): Promise<number | string> {
  try {
    return (await call).status;
  } catch (thrown) {
    return thrown instanceof BrokerError ? thrown.fault.code : String(thrown);
  }
}

/** Sends so many calls at once, and gives the outcome of each. */
export function sendMany(
  page: Send,
  count: number,
  changes: Partial<ApiRequest> = {},
): Promise<number | string>[] {
  return Array.from({ length: count }, () => codeOf(page('api.request', aCall(changes))));
}

/** How often there was each outcome. */
export async function countsOf(
  outcomes: readonly Promise<number | string>[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of await Promise.all(outcomes)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Holds the responses of the product's API back, until the returned function is called. */
export function holdResponses(standin: Standin): () => void {
  const gate = Promise.withResolvers<undefined>();
  const match = { path: /^\/ex\// };
  standin.faults.add({ kind: 'latency', until: gate.promise, times: Infinity, match });
  return () => {
    gate.resolve(undefined);
  };
}
