import { importClients } from '#core/import/client-interchange.ts';
import { importPostman } from '#core/import/postman/import-postman.ts';
import type { ImportResult } from '#wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import { chosenDrafts, previewPostman } from '../clients/import-preview.ts';
import type { Handlers } from '../messages/router.ts';
import { done, thenNotify, type Services } from './services.ts';

/** The commands on client configurations that the options page sends. */
export function clientHandlers(services: Services) {
  const { clients, discover, diagnose, signIn, views } = services;
  const created = async (draftsFor: Parameters<Clients['createAll']>[0]): Promise<ImportResult> => {
    const saved = await thenNotify(services, clients.createAll(draftsFor));
    return { created: saved.map((client) => clients.view(client)) };
  };
  return {
    'client.create': async ({ client }) =>
      clients.view(await thenNotify(services, clients.create(client))),
    'client.update': async ({ id, client }) =>
      clients.view(await thenNotify(services, clients.update(id, client))),
    'client.delete': ({ id }) => done(thenNotify(services, clients.remove(id))),
    'client.impact': ({ id }) => Promise.resolve(views.impact(id)),
    'client.redirect-uri': ({ authorizationEndpoint }) => clients.redirect(authorizationEndpoint),
    'client.export': ({ ids }) => Promise.resolve({ json: clients.exportJson(ids) }),
    'client.import': ({ json }) => created((takenNames) => importClients(json, takenNames)),
    'client.import-preview': ({ json, environment }) => {
      const takenNames = clients.list().map(({ name }) => name);
      return Promise.resolve(previewPostman(importPostman(json, environment), takenNames));
    },
    'client.import-postman': ({ json, environment, ...choice }) =>
      created((takenNames) => chosenDrafts(importPostman(json, environment), choice, takenNames)),
    // The hosts that the person allows for these two are not for a sign-in that waits for its own.
    'client.discover': (wanted) => signIn.cancelPrepared().then(() => discover(wanted)),
    'client.diagnose': ({ id }) => signIn.cancelPrepared().then(() => diagnose(id)),
    'client.new-key-pair': async ({ id }) =>
      clients.view(await thenNotify(services, clients.replaceKeyPair(id))),
  } satisfies Partial<Handlers>;
}
