import { BrokerError } from '#core/values/fault.ts';
import { defaultSettings, type Settings } from '#core/values/settings.ts';
import { keys as storedKeys } from '#storage/schema.ts';
import type { SettingsView } from '#wire/views.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import type { Handlers } from '../messages/router.ts';
import { activityView } from './activity-view.ts';
import { quotaViews } from './quota-views.ts';
import { done, thenNotify, type Services } from './services.ts';
import { sessionDetails } from './session-details.ts';

const { settings: settingsKey } = storedKeys;

/** The commands that popup and options send, except those on client configurations. */
export function uiHandlers(services: Services) {
  const { sessions, signIn, grants, questions, views, pageAccess, settings, store } = services;
  const { activity, lists } = services;
  const { about, erase, transfer } = services;
  const settingsView = (values: Settings): SettingsView => ({
    values,
    defaults: defaultSettings,
    managed: settings.managed(),
  });
  return {
    'overview.get': () => views.overview(),
    'popup.view': async ({ origin, isOpening }) => {
      if (isOpening === true)
        await Promise.all([grants.prepared.popupOpens(), signIn.popupOpens()]);
      const view = await lists.popup(origin);
      if (view.connectOutcome !== undefined) await grants.prepared.markSaid();
      return view;
    },
    'site.find': ({ askId, ...wanted }) =>
      Promise.resolve(lists.sites(wanted, openQuestion(services, askId))),
    'session.find': (wanted) => Promise.resolve(lists.sessions(wanted)),
    'session.details': ({ id }) => sessionDetails(services, id),
    'session.rename': ({ id, label }) => done(thenNotify(services, sessions.rename(id, label))),
    'flow.prepare': async (wanted) => ({ id: await signIn.prepare(wanted) }),
    'flow.unprepare': () => done(signIn.cancelPrepared()),
    'flow.start': (wanted) => thenNotify(services, signIn.start(wanted)),
    'flow.cancel': () => done(thenNotify(services, signIn.cancel())),
    'flow.show': () => done(signIn.show()),
    'flow.dismiss': () => done(thenNotify(services, signIn.dismiss())),
    'session.sign-out': ({ id }) => done(thenNotify(services, sessions.signOut([id]))),
    'session.refresh-sites': async ({ id }) =>
      views.session(await thenNotify(services, sessions.refreshSites(id))),
    'grant.find': (wanted) => lists.grants(wanted),
    'grant.get': ({ origin }) => lists.grant(origin),
    // The host that the person allows for the grant is not for a sign-in that waits for its own.
    'grant.prepare': async (wanted) => {
      await signIn.cancelPrepared();
      await questions.forgetRefusals(wanted.origin);
      return done(grants.prepared.prepare(wanted));
    },
    'grant.unprepare': ({ origin }) => done(grants.prepared.cancel(origin)),
    'grant.dismiss': () => done(thenNotify(services, grants.prepared.dismissOutcome())),
    'grant.remove': ({ origin }) => done(grants.remove([origin])),
    'grant.pause': ({ origin, isPaused }) => done(grants.pause(origin, isPaused)),
    'grant.choose': ({ origin, key, site }) => done(pageAccess.choose(origin, key, site)),
    'denial.forget': ({ origin, id }) =>
      done(thenNotify(services, questions.forgetDenial(origin, id))),
    'about.get': () => about(),
    'everything.erase': () => done(erase()),
    'transfer.export': ({ passphrase }) => transfer.export(passphrase),
    'transfer.preview': ({ file, passphrase }) => transfer.preview(file, passphrase),
    'transfer.import': ({ file, passphrase, ...chosen }) =>
      thenNotify(services, transfer.import(file, passphrase, chosen)),
    'settings.get': () => Promise.resolve(settingsView(settings.current())),
    'settings.update': async ({ changes }) =>
      settingsView(await thenNotify(services, settings.update(changes))),
    'settings.reset': async () => settingsView(await thenNotify(services, settings.reset())),
    'quota.list': () => Promise.resolve(quotaViews(services)),
    'activity.list': (wanted) => activityView(services, wanted),
    'operation.find': ({ calls }) => services.permits.operations(calls),
    'activity.clear': () => done(thenNotify(services, activity.clear())),
    'storage.forget-damaged': async ({ keys }) => {
      if (keys?.includes(settingsKey) !== false) await settings.forgetDamaged();
      return done(thenNotify(services, store.forget(keys)));
    },
    'ask.list': () => Promise.resolve(questions.list().map((one) => views.ask(one))),
    'ask.decide': ({ id, decision }) => done(pageAccess.decide(id, decision)),
  } satisfies Partial<Handlers>;
}

/** @throws BrokerError `not_found` when the question has ended */
function openQuestion({ questions }: Services, id: string | undefined): PageQuestion | undefined {
  if (id === undefined) return undefined;
  const question = questions.list().find((one) => one.id === id);
  if (question === undefined) throw new BrokerError('not_found', { subject: 'question' });
  return question;
}
