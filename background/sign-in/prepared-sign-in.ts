import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { CreatedFlow } from '../../extension/wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { FlowWishes } from './prepared-sign-in-store.ts';

/** What the person wants to sign in for. */
export interface WantedFlow {
  readonly clientId: ClientId;
  /** The session that is to be renewed. */
  readonly sessionId?: SessionId;
}

/**
 * A sign-in over the browser's own prompt. Both go on when it was answered, whoever is first: the worker, for Chrome
 * closes the popup, and the page, where it lived on; so they take turns, and the second finds what the first began.
 */
export interface PreparedSignIn {
  /**
   * Notes a sign-in before the browser asks for the hosts of its client; resolves to the id that {@link start} takes.
   * @throws BrokerError `flow_in_progress`, `not_found`
   */
  prepare(wanted: WantedFlow): Promise<string>;
  /** Ends what was prepared: hosts that are allowed from now on are allowed for something else. */
  unprepare(): Promise<void>;
  /** After the person answered the browser's prompt: starts what was prepared, if all its hosts are allowed now. */
  startPrepared(): Promise<void>;
  /** Opens the window; the outcome comes later and is told by `view` of the sign-in. @throws BrokerError `not_found` */
  start(wanted: WantedFlow & { readonly preparedId?: string }): Promise<CreatedFlow>;
}

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly wishes: FlowWishes;
  readonly world: Pick<World, 'crypto' | 'permissions' | 'notifyExtensionPages'>;
  readonly isRunning: () => boolean;
  /** Begins an attempt under an id, which ends the wish. */
  readonly begin: (id: string, wanted: WantedFlow) => Promise<CreatedFlow>;
  readonly view: () => Promise<CreatedFlow | undefined>;
}

/** Makes a {@link PreparedSignIn}. */
export function createPreparedSignIn(dependencies: Dependencies): PreparedSignIn {
  const { clients, sessions, wishes, world, isRunning, begin, view } = dependencies;
  const enqueue = serialQueue();
  return {
    prepare: ({ clientId, sessionId }) =>
      enqueue(async () => {
        if (isRunning()) throw new BrokerError('flow_in_progress');
        const patterns = hostPatternsOf(clients.getOrFail(clientId), world.permissions);
        const renewed = sessionId && { sessionId: sessions.getOrFail(sessionId).id };
        const id = world.crypto.randomUUID();
        await wishes.put({ id, clientId, ...renewed, patterns });
        return id;
      }),
    unprepare: () => enqueue(() => wishes.end()),
    start: ({ preparedId, ...wanted }) => {
      if (preparedId === undefined) return begin(world.crypto.randomUUID(), wanted);
      return enqueue(async () => {
        const begun = await view();
        return begun?.id === preparedId ? begun : begin(preparedId, wanted);
      });
    },
    startPrepared: () =>
      enqueue(async () => {
        const wish = await wishes.current();
        if (wish === undefined || isRunning()) return;
        const client = clients.find(wish.clientId);
        const patterns = client && hostPatternsOf(client, world.permissions);
        // It was edited since: what was allowed is not what the person asked for.
        if (patterns?.join(' ') !== wish.patterns.join(' ')) return;
        if (!(await world.permissions.has(wish.patterns))) return;
        await begin(wish.id, wish);
        world.notifyExtensionPages();
      }),
  };
}
