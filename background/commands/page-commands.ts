import { BrokerError } from '../../extension/core/values/fault.ts';
import type { PageSite } from '../../extension/wire/views.ts';
import type { PageCaller } from '../messages/caller.ts';
import type { Handlers } from '../messages/router.ts';
import type { Services } from './services.ts';

type PageHandlers = Pick<Handlers, Extract<keyof Handlers, `page.${string}` | `api.${string}`>>;

/** The commands of connected pages. */
export function pageHandlers({
  grants,
  projector,
  pageAccess,
  broker,
  callsInFlight,
  world,
}: Services): PageHandlers {
  const sitesOf = ({ origin }: PageCaller): PageSite[] => {
    const grant = grants.of(origin);
    if (grant === undefined) throw new BrokerError('not_connected');
    return projector.pageSites(grant);
  };
  return {
    'page.hello': async (_, { origin, tabId, documentId }) => {
      const isConnected = grants.of(origin) !== undefined;
      if (isConnected && world.permissions.isWide(origin))
        await world.pages.injectShim({ tabId, documentId });
      return { isConnected };
    },
    'page.sites': (_, caller) => Promise.resolve(sitesOf(caller)),
    'page.request-access': async (wanted, caller) => {
      await pageAccess.request(caller.origin, wanted);
      return sitesOf(caller);
    },
    'page.disconnect': (_, { origin }) => grants.remove([origin]).then(() => null),
    'page.leave': (_, caller) => {
      callsInFlight.abortDocument(caller);
      return Promise.resolve(null);
    },
    'api.request': (request, caller) => broker.request(caller, request),
    'api.write': (piece, caller) => {
      if (grants.of(caller.origin) === undefined) throw new BrokerError('not_connected');
      callsInFlight.write(caller, piece);
      return Promise.resolve(null);
    },
    'api.read': ({ callId }, caller) =>
      world.withKeepAlive(() => callsInFlight.read(caller, callId)),
    'api.abort': ({ callId }, caller) => {
      callsInFlight.abort(caller, callId);
      return Promise.resolve(null);
    },
  };
}
