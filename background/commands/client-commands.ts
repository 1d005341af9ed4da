import type { Handlers } from '../messages/router.ts';
import { done, thenNotify, type Services } from './services.ts';

/** The commands on client configurations that the options page sends. */
export function clientHandlers(services: Services) {
  const { clients, discover, diagnose, signIn, views } = services;
  return {
    'client.create': async ({ client }) =>
      clients.view(await thenNotify(services, clients.create(client))),
    'client.update': async ({ id, client }) =>
      clients.view(await thenNotify(services, clients.update(id, client))),
    'client.delete': ({ id }) => done(thenNotify(services, clients.remove(id))),
    'client.impact': ({ id }) => Promise.resolve(views.impact(id)),
    'client.redirect-uri': ({ authorizationEndpoint }) => clients.redirect(authorizationEndpoint),
    'client.import': async ({ clients: drafts }) => {
      const created = await thenNotify(services, clients.createAll(drafts));
      return { created: created.map((client) => clients.view(client)) };
    },
    // The hosts that the person allows for these two are not for a sign-in that waits for its own.
    'client.discover': (wanted) => signIn.cancelPrepared().then(() => discover(wanted)),
    'client.diagnose': ({ id }) => signIn.cancelPrepared().then(() => diagnose(id)),
    'client.new-key-pair': async ({ id }) =>
      clients.view(await thenNotify(services, clients.replaceKeyPair(id))),
  } satisfies Partial<Handlers>;
}
