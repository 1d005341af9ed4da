import { grantedSiteId } from '#core/grant/page-grant.ts';
import { BrokerError, toFault, type Fault } from '#core/values/fault.ts';
import {
  maxConsoleBytes,
  type ConsoleCall,
  type ConsoleExplanation,
  type ConsoleQuestion,
  type ConsoleResponse,
} from '#wire/console.ts';
import type { Broker } from '../calls/broker.ts';
import type { CallsInFlight } from '../calls/calls-in-flight.ts';
import { requireHosts } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import type { CallOwner } from '../messages/caller.ts';
import type { Permits } from '../permits/permits.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { ConsoleGrants } from './console-grants.ts';
import { shownBody } from './received-body.ts';

/**
 * The calls that the person makes in the options. They go where those of pages with write access go, through the same broker,
 * and nothing of them is kept: the activity log is of pages, and has none of them.
 */
export interface ApiConsole {
  /**
   * Sends a call, and reads the beginning of its response.
   * @throws BrokerError `not_found`, `permission_missing`, those of `Broker.request`; `unavailable` after {@link cancel}
   */
  send(call: ConsoleCall): Promise<ConsoleResponse>;
  /** What {@link send} would come to. @throws BrokerError `not_found` */
  explain(question: ConsoleQuestion): Promise<ConsoleExplanation>;
  /** Aborts a call. Does nothing when it has ended. */
  cancel(callId: string): void;
}

interface Dependencies {
  readonly grants: ConsoleGrants;
  readonly broker: Pick<Broker, 'request'>;
  readonly callsInFlight: Pick<CallsInFlight, 'read' | 'abort'>;
  readonly permits: Pick<Permits, 'foresee'>;
  readonly sessions: Pick<Sessions, 'getOrFail'>;
  readonly clients: Pick<Clients, 'getOrFail'>;
  readonly world: Pick<World, 'permissions' | 'nowMs'>;
}

/** A call that has not ended. */
interface RunningCall {
  isCancelled: boolean;
  /** Set when it has been given to the broker. */
  owner?: CallOwner;
}

export function createApiConsole(dependencies: Dependencies): ApiConsole {
  const { grants, callsInFlight, permits } = dependencies;
  const running = new Map<string, RunningCall>();
  return {
    send: async (call) => {
      const { callId, site } = call;
      if (running.has(callId)) throw new BrokerError('invalid_request', { subject: 'callId' });
      const one: RunningCall = { isCancelled: false };
      running.set(callId, one);
      try {
        return await grants.during(site, async (origin) => {
          await requireHostsOf(call, dependencies);
          if (one.isCancelled) throw new BrokerError('unavailable');
          one.owner = { origin, documentId: origin };
          return responseTo(call, one.owner, dependencies);
        });
      } catch (thrown) {
        throw one.isCancelled ? new BrokerError('unavailable') : thrown;
      } finally {
        running.delete(callId);
      }
    },
    explain: ({ site, method, path }) =>
      grants.during(site, async (origin) => {
        const question = { method, input: path, site: grantedSiteId(site), headers: [] };
        const { permitted, call, operation } = await permits.foresee(origin, question);
        return {
          permitted,
          ...(call && { url: call.target.href, isReading: call.isReading }),
          ...(operation && { scopes: operation.alternatives }),
        };
      }),
    cancel: (callId) => {
      const one = running.get(callId);
      if (one === undefined) return;
      one.isCancelled = true;
      if (one.owner !== undefined) callsInFlight.abort(one.owner, callId);
    },
  };
}

/** Without the permission for its hosts a call would fail as if the network could not be reached. */
async function requireHostsOf(
  { site }: ConsoleCall,
  { sessions, clients, world }: Dependencies,
): Promise<void> {
  const { clientId } = sessions.getOrFail(site.sessionId);
  await requireHosts(clients.getOrFail(clientId), world.permissions);
}

async function responseTo(
  { callId, site, method, path, body }: ConsoleCall,
  owner: CallOwner,
  { broker, callsInFlight, world }: Dependencies,
): Promise<ConsoleResponse> {
  const startedAtMs = world.nowMs();
  const { chunk, isComplete, ...head } = await broker.request(owner, {
    callId,
    method,
    input: path,
    site: grantedSiteId(site),
    headers: body === undefined ? [] : [['content-type', 'application/json']],
    body: body === undefined ? null : new TextEncoder().encode(body).buffer,
    writtenBytes: 0,
  });
  const pieces = [new Uint8Array(chunk)];
  let bodyBytes = chunk.byteLength;
  let isEnd = isComplete;
  let bodyFault: Fault | undefined;
  try {
    while (!isEnd && bodyBytes < maxConsoleBytes) {
      const next = await callsInFlight.read(owner, callId);
      pieces.push(new Uint8Array(next.chunk));
      bodyBytes += next.chunk.byteLength;
      isEnd = next.isComplete;
    }
  } catch (thrown) {
    // The status is known, and what has arrived: of a write that is worth more than the fault.
    bodyFault = toFault(thrown);
  }
  if (!isEnd) callsInFlight.abort(owner, callId);
  const [, contentType] = head.headers.find(([name]) => name === 'content-type') ?? [];
  return {
    ...head,
    tookMs: Math.max(0, Math.round(world.nowMs() - startedAtMs)),
    ...shownBody({ pieces, isComplete: isEnd, contentType }),
    ...(bodyFault && { bodyFault }),
  };
}
