import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { BrokerError, fault } from '#core/values/fault.ts';
import type { CreatedFlow } from '#wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { PendingRequests } from '../storage/pending-requests.ts';
import type { FlowOutcome } from './flow-record.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

export interface SignInRequest {
  readonly clientId: ClientId;
  /** The session to renew. */
  readonly sessionId?: SessionId;
}

/**
 * A sign-in that needs the browser's permission prompt first. After the answer, both the worker and the page start it:
 * Chrome closes the popup with the prompt, Firefox does not. The first call begins the sign-in, the second gets it.
 */
export interface PreparedSignIn {
  /**
   * Stores a sign-in before the browser shows its prompt; resolves to the id for {@link start}.
   * @throws BrokerError `flow_in_progress`, `not_found`
   */
  prepare(request: SignInRequest): Promise<string>;
  /** Removes what was prepared: host permissions that follow are requested for another purpose. */
  cancelPrepared(): Promise<void>;
  /** After the person answered the prompt: starts what was prepared, if all its hosts are allowed now. */
  startPrepared(): Promise<void>;
  /**
   * The popup opens, so the page that prepared a sign-in has closed: one that still waits for its hosts failed with
   * `permission_missing`.
   */
  popupOpens(): Promise<void>;
  /** Opens the window; `view` of the sign-in shows the outcome later. @throws BrokerError `not_found` */
  start(request: SignInRequest & { readonly preparedId?: string }): Promise<CreatedFlow>;
}

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly pending: PendingRequests<PendingSignIn>;
  readonly world: Pick<World, 'crypto' | 'permissions' | 'nowMs' | 'notifyExtensionPages'>;
  readonly isRunning: () => boolean;
  /** Begins an attempt with this id, and removes the pending sign-in. */
  readonly begin: (id: string, request: SignInRequest) => Promise<CreatedFlow>;
  readonly view: () => Promise<CreatedFlow | undefined>;
  /** Stores how a sign-in ended that did not begin. */
  readonly end: (outcome: FlowOutcome) => Promise<void>;
}

export function createPreparedSignIn(dependencies: Dependencies): PreparedSignIn {
  const { clients, sessions, pending, world, isRunning, begin, view, end } = dependencies;
  const enqueue = serialQueue();
  return {
    prepare: ({ clientId, sessionId }) =>
      enqueue(async () => {
        if (isRunning()) throw new BrokerError('flow_in_progress');
        const patterns = hostPatternsOf(clients.getOrFail(clientId), world.permissions);
        const renewed = sessionId && { sessionId: sessions.getOrFail(sessionId).id };
        const id = world.crypto.randomUUID();
        await pending.put({ id, clientId, ...renewed, patterns });
        return id;
      }),
    cancelPrepared: () => enqueue(() => pending.clear()),
    popupOpens: () =>
      enqueue(async () => {
        const [request] = await pending.list();
        if (request === undefined || isRunning()) return;
        const { id, clientId, sessionId, patterns } = request;
        // Allowed just now: the event is on its way.
        if (await world.permissions.has(patterns)) return;
        await pending.clear();
        const renews = sessionId === undefined ? {} : { renews: sessionId };
        const missing = fault('permission_missing', { subject: patterns.join(' ') });
        await end({ id, clientId, startedAtMs: world.nowMs(), ...renews, fault: missing });
      }),
    start: ({ preparedId, ...request }) => {
      if (preparedId === undefined) return begin(world.crypto.randomUUID(), request);
      return enqueue(async () => {
        const current = await view();
        return current?.id === preparedId ? current : begin(preparedId, request);
      });
    },
    startPrepared: () =>
      enqueue(async () => {
        const [request] = await pending.list();
        if (request === undefined || isRunning()) return;
        const client = clients.find(request.clientId);
        const patterns = client && hostPatternsOf(client, world.permissions);
        // The client was edited since: the allowed hosts are not those of the request.
        if (patterns?.join(' ') !== request.patterns.join(' ')) return;
        if (!(await world.permissions.has(request.patterns))) return;
        await begin(request.id, request);
        world.notifyExtensionPages();
      }),
  };
}
