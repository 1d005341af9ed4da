import { defaultSettings, type Settings } from '../../extension/core/values/settings.ts';
import type { SettingsView } from '../../extension/wire/views.ts';
import type { Handlers } from '../messages/router.ts';
import { changed, type Services } from './services.ts';

type UiHandlers = Pick<
  Handlers,
  Extract<
    keyof Handlers,
    'overview.get' | `${'flow' | 'session' | 'grant' | 'ask' | 'settings' | 'storage'}.${string}`
  >
>;

/** The commands of popup and options, but for those on client configurations. */
export function uiHandlers(services: Services): UiHandlers {
  const { sessions, signIn, grants, questions, projector, pageAccess, settings, store } = services;
  const settingsView = (values: Settings): SettingsView => ({ values, defaults: defaultSettings });
  return {
    'overview.get': () => projector.overview(),
    'flow.prepare': async (wanted) => ({ id: await signIn.prepare(wanted) }),
    'flow.unprepare': () => signIn.cancelPrepared().then(() => null),
    'flow.start': (wanted) => changed(services, signIn.start(wanted)),
    'flow.create': (wanted) => changed(services, signIn.start(wanted)),
    'flow.get': ({ id }) => signIn.get(id),
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
    'session.list': () => Promise.resolve(projector.sessions()),
    'session.get': ({ id }) => Promise.resolve(projector.session(sessions.getOrFail(id))),
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
      for (const { sessionId } of wanted.sites) sessions.identifiedOrFail(sessionId);
      return grants.prepare(wanted).then(() => null);
    },
    'grant.remove': ({ origin }) => grants.remove([origin]).then(() => null),
    'settings.get': () => Promise.resolve(settingsView(settings.current())),
    'settings.update': async ({ changes }) =>
      settingsView(await changed(services, settings.update(changes))),
    'settings.reset': async () => settingsView(await changed(services, settings.reset())),
    'storage.forget-damaged': ({ keys }) =>
      changed(
        services,
        store.forget(keys).then(() => null),
      ),
    'ask.list': () => Promise.resolve(questions.list().map((one) => projector.ask(one))),
    'ask.decide': ({ id, decision }) => pageAccess.decide(id, decision).then(() => null),
  };
}
