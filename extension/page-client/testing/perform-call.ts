import { siteRequired } from '#core/address/call-address.ts';
import {
  createdLocation,
  isDownload,
  isTask,
  planCall,
  requirePermitted,
  siteUrl,
  type CallPlan,
  type RequestedCall,
} from '#core/call/call-plan.ts';
import {
  followedRequestHeaders,
  visibleResponseHeaders,
  withDefaultHeaders,
  type HeaderFields,
} from '#core/call/headers.ts';
import { joinBytes } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { ApiReply, ApiRequest } from '#wire/api-call.ts';
import type { Connection } from './connection.ts';
import type { OpenCall } from './open-call.ts';
import type { Person } from './person.ts';
import { pieceReader } from './piece-reader.ts';
import type { TestCall, TestOptions } from './types.ts';

/** What answers a call. */
export interface Answerers {
  readonly connection: Connection;
  readonly person: Person;
  readonly answer: NonNullable<TestOptions['answer']>;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Plans a call, has it answered, and replies as the extension does: with its rules for sites, methods, paths, headers, access
 * and redirects.
 * @param pieces - the body of the call
 * @param onSent - called with what is sent
 * @throws BrokerError any code of `pageFaultCodes`
 */
export async function performCall(
  request: ApiRequest,
  pieces: readonly Uint8Array[] | undefined,
  call: OpenCall,
  { connection, person, answer, onSent }: Answerers & { onSent: (sent: TestCall) => void },
): Promise<ApiReply> {
  const plan = await Promise.race([planned(request, connection, person), call.cut]);
  call.check = () => {
    requirePermitted(plan, connection.permissions());
  };
  const bytes = pieces && joinBytes(pieces);
  const { method } = plan;
  const headers = Object.fromEntries(sentHeaders(plan));
  const sent: TestCall = {
    method,
    url: siteUrl(plan),
    path: `${plan.path.pathname}${plan.path.search}`,
    site: connection.pageSite(plan.site),
    headers,
    body: new TextDecoder().decode(bytes),
  };
  const { signal } = call.controller;
  const body = bytes === undefined ? {} : { body: bytes };
  const upstream = new Request(sent.url, { method, headers, signal, ...body });
  onSent(sent);
  if (!plan.isReading) call.isWriteSent = true;
  const answered = Promise.resolve(upstream).then((given) => answer(given, sent));
  const response = withoutRedirect(await Promise.race([answered, call.cut]), plan);
  const stream = method === 'HEAD' ? null : response.body;
  const next = stream === null ? undefined : pieceReader(stream);
  if (next !== undefined) call.read = () => Promise.race([next(), call.cut]);
  const created = { status: response.status, location: response.headers.get('location') };
  const { paths } = connection.permissions();
  const location = isDownload(plan) ? [] : createdLocation(plan, created, paths);
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...visibleResponseHeaders(response.headers), ...location],
    url: sent.url,
    chunk: new ArrayBuffer(0),
    isComplete: next === undefined,
  };
}

async function planned(
  request: ApiRequest,
  connection: Connection,
  person: Person,
): Promise<CallPlan> {
  const first = planCall(request, connection.permissions());
  if ('plan' in first) return first.plan;
  await person.chooseSite(first.choose);
  return settledPlan(request, connection);
}

/** The plan of a call for which the person is not asked. @throws BrokerError as `planCall`; `site_required` where they would be asked */
export function settledPlan(call: RequestedCall, connection: Connection): CallPlan {
  const planned = planCall(call, connection.permissions());
  if ('choose' in planned) throw siteRequired(planned.choose.candidates);
  return planned.plan;
}

function sentHeaders(plan: CallPlan): HeaderFields {
  return isDownload(plan)
    ? followedRequestHeaders(plan.headers)
    : withDefaultHeaders(plan.headers, plan.isReading);
}

/**
 * What is known of a redirect.
 * @throws BrokerError `redirect_refused`, or `outcome_unknown` for a write
 */
function withoutRedirect(response: Response, plan: CallPlan): Response {
  if (!redirects.has(response.status)) return response;
  if (plan.isReading) throw new BrokerError('redirect_refused');
  if (!isTask(plan)) throw new BrokerError('outcome_unknown', { subject: 'redirect' });
  return new Response(null, { status: 303, statusText: 'See Other' });
}
