import type { Handlers } from './router.ts';
import { changed, type Services } from './services.ts';

type UiHandlers = Pick<
  Handlers,
  Extract<
    keyof Handlers,
    | 'overview.get'
    | `flow.${string}`
    | `session.${string}`
    | `grant.${string}`
    | `ask.${string}`
    | `storage.${string}`
  >
>;

/** The commands of popup and options, but for those on client configurations. */
export function uiHandlers(services: Services): UiHandlers {
  const { sessions, signIn, grants, asks, projector, pageAccess, store } = services;
  return {
    'overview.get': () => projector.overview(),
    'flow.start': ({ clientId }) => changed(services, signIn.start(clientId)),
    'flow.cancel': () =>
      changed(
        services,
        signIn.cancel().then(() => null),
      ),
    'flow.show': () => signIn.show().then(() => null),
    'flow.dismiss': () =>
      changed(
        services,
        signIn.dismiss().then(() => null),
      ),
    'session.sign-out': async ({ id }) => {
      await sessions.signOut([id]);
      await grants.dropSessions((candidate) => candidate === id);
      return changed(services, Promise.resolve(null));
    },
    'session.refresh-sites': async ({ id }) =>
      projector.session(await changed(services, sessions.refreshSites(id))),
    'session.choose-site': ({ id, site }) =>
      changed(
        services,
        sessions.chooseSite(id, site).then(() => null),
      ),
    'grant.prepare': async (wanted) => {
      for (const { sessionId } of wanted.sites) sessions.getOrFail(sessionId);
      return grants.prepare(wanted).then(() => null);
    },
    'grant.remove': ({ origin }) => grants.remove([origin]).then(() => null),
    'storage.forget-damaged': ({ keys }) =>
      changed(
        services,
        store.forget(keys).then(() => null),
      ),
    'ask.list': () => Promise.resolve(asks.list().map((ask) => projector.ask(ask))),
    'ask.decide': ({ id, decision }) => pageAccess.decide(id, decision).then(() => null),
  };
}
