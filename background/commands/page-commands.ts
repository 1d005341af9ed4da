import type { Handlers } from '../messages/router.ts';
import { done, type Services } from './services.ts';

/** The commands of pages. Each is limited to the caller's origin, and a call to the caller's document. */
export function pageHandlers(services: Services) {
  const { grants, views, pageAccess, broker, permits, callsInFlight, connectionRecorder } =
    services;
  const { tabMarks } = services;
  return {
    'page.hello': async (_, caller) => ({ isConnected: await grants.connectDocument(caller) }),
    'page.shown': (_, caller) => {
      if (caller.kind === 'page') tabMarks.shown(caller);
      return Promise.resolve(null);
    },
    'page.sites': (_, { origin }) => Promise.resolve(views.pageSites(origin)),
    'page.request-access': (wanted, caller) =>
      pageAccess.request(caller, wanted).then(() => views.pageSites(caller.origin)),
    'page.can': (question, { origin }) => permits.can(origin, question),
    'page.disconnect': (_, { origin }) => {
      connectionRecorder.endsByPage(origin);
      return done(grants.giveBack(origin));
    },
    'api.request': (request, caller) => broker.request(caller, request),
    'api.write': (piece, caller) => {
      broker.write(caller, piece);
      return Promise.resolve(null);
    },
    // The reader of the response keeps the worker running until the body ends.
    'api.read': ({ callId }, caller) => callsInFlight.read(caller, callId),
    'api.abort': ({ callId }, caller) => {
      callsInFlight.abort(caller, callId);
      return Promise.resolve(null);
    },
  } satisfies Partial<Handlers>;
}
