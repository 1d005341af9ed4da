import { withoutSessions } from '../../extension/core/call/page-grant.ts';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { endsSessions } from '../../extension/core/client/ends-sessions.ts';
import { importClients } from '../../extension/core/import/client-interchange.ts';
import { importPostman } from '../../extension/core/import/postman/import-postman.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import type { ClientImpact, ImportResult } from '../../extension/wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import { chosenDrafts, previewPostman } from '../clients/import-preview.ts';
import type { Handlers } from '../messages/router.ts';
import { changed, type Services } from './services.ts';

type ClientHandlers = Pick<Handlers, Extract<keyof Handlers, `client.${string}`>>;

/** The commands on client configurations. */
export function clientHandlers(services: Services): ClientHandlers {
  const { clients, discover, diagnose } = services;
  const created = async (draftsFor: Parameters<Clients['createAll']>[0]): Promise<ImportResult> => {
    const saved = await changed(services, clients.createAll(draftsFor));
    return { created: saved.map((client) => clients.view(client)) };
  };
  return {
    'client.list': () => Promise.resolve(clients.list().map((client) => clients.view(client))),
    'client.get': ({ id }) => Promise.resolve(clients.view(clients.getOrFail(id))),
    'client.get-by-name': ({ name }) => Promise.resolve(clients.view(clients.byNameOrFail(name))),
    'client.create': async ({ client }) =>
      clients.view(await changed(services, clients.create(client))),
    'client.update': async ({ id, client }) => {
      const { before, after } = await clients.update(id, client);
      if (endsSessions(before, after)) await endSessions(before, services);
      return changed(services, Promise.resolve(clients.view(after)));
    },
    'client.delete': async ({ id }) => {
      await endSessions(clients.getOrFail(id), services);
      return changed(
        services,
        clients.remove(id).then(() => null),
      );
    },
    'client.impact': ({ id }) => Promise.resolve(impactOf(id, services)),
    'client.redirect-uri': ({ authorizationEndpoint }) => clients.redirect(authorizationEndpoint),
    'client.export': ({ ids }) => Promise.resolve({ json: clients.exportJson(ids) }),
    'client.import': ({ json }) => created((takenNames) => importClients(json, takenNames)),
    'client.import-preview': ({ json, environment }) =>
      Promise.resolve(
        previewPostman(
          importPostman(json, environment),
          clients.list().map(({ name }) => name),
        ),
      ),
    'client.import-postman': ({ json, environment, ...choice }) =>
      created((takenNames) => chosenDrafts(importPostman(json, environment), choice, takenNames)),
    'client.discover': (wanted) => discover(wanted),
    'client.new-key-pair': async ({ id }) =>
      clients.view(await changed(services, clients.newKeyPair(id))),
    'client.diagnose': ({ id }) => diagnose(id),
  };
}

async function endSessions(client: StoredClient, { sessions, grants }: Services): Promise<void> {
  const ending = new Set(sessions.ofClient(client.id).map(({ id }) => id));
  await sessions.signOut([...ending], client);
  await grants.dropSessions((id) => ending.has(id));
}

function impactOf(id: ClientId, { clients, sessions, grants, projector }: Services): ClientImpact {
  const ending = sessions.ofClient(clients.getOrFail(id).id);
  const isGone = (sessionId: string): boolean => ending.some((session) => session.id === sessionId);
  const touched = grants.list().filter((grant) => withoutSessions(grant, isGone) !== grant);
  return {
    sessions: ending.map((session) => projector.session(session)),
    origins: touched.map(({ origin }) => origin),
  };
}
