import { BrokerError } from '../extension/core/fault.ts';
import type { CreatedFlow } from '../extension/wire/views.ts';
import { hostPatternsOf } from './client-hosts.ts';
import type { Clients } from './clients.ts';
import type { FlowWishes } from './flow-wishes.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn, WantedFlow } from './sign-in.ts';
import { turns } from './turns.ts';
import type { World } from './world.ts';

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly wishes: FlowWishes;
  readonly world: Pick<World, 'crypto' | 'permissions' | 'tellOwnPages'>;
  readonly isRunning: () => boolean;
  /** Begins an attempt under an id, which ends the wish. */
  readonly begin: (id: string, wanted: WantedFlow) => Promise<CreatedFlow>;
  readonly view: () => Promise<CreatedFlow | undefined>;
}

/**
 * A sign-in over the browser's own prompt. Both go on when it was answered, whoever is first: the worker, for Chrome
 * closes the popup, and the page, where it lived on; so they take turns, and the second finds what the first began.
 */
export function createPreparedFlow(
  dependencies: Dependencies,
): Pick<SignIn, 'prepare' | 'unprepare' | 'start' | 'startPrepared'> {
  const { clients, sessions, wishes, world, isRunning, begin, view } = dependencies;
  const inTurn = turns();
  return {
    prepare: ({ clientId, sessionId }) =>
      inTurn(async () => {
        if (isRunning()) throw new BrokerError('flow_in_progress');
        const patterns = hostPatternsOf(clients.getOrFail(clientId), world.permissions);
        const renewed = sessionId && { sessionId: sessions.getOrFail(sessionId).id };
        const id = world.crypto.randomUUID();
        await wishes.put({ id, clientId, ...renewed, patterns });
        return id;
      }),
    unprepare: () => inTurn(() => wishes.end()),
    start: ({ preparedId, ...wanted }) => {
      if (preparedId === undefined) return begin(world.crypto.randomUUID(), wanted);
      return inTurn(async () => {
        const begun = await view();
        return begun?.id === preparedId ? begun : begin(preparedId, wanted);
      });
    },
    startPrepared: () =>
      inTurn(async () => {
        const wish = await wishes.current();
        if (wish === undefined || isRunning()) return;
        const client = clients.list().find(({ id }) => id === wish.clientId);
        const patterns = client && hostPatternsOf(client, world.permissions);
        // It was edited since: what was allowed is not what the person asked for.
        if (patterns?.join(' ') !== wish.patterns.join(' ')) return;
        if (!(await world.permissions.has(wish.patterns))) return;
        await begin(wish.id, wish);
        world.tellOwnPages();
      }),
  };
}
