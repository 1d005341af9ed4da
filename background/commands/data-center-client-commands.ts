import type { Handlers } from '../messages/router.ts';
import { thenNotify, type Services } from './services.ts';

/**
 * The commands that no page of the extension sends. They complete the API of Data Center's OAuth 2.0 client, which
 * Threelo offers as commands: docs/data-center-client.md maps each call of that API to a command.
 */
export function dataCenterClientHandlers(services: Services) {
  const { clients, sessions, signIn, views } = services;
  return {
    'client.list': () => Promise.resolve(views.clients()),
    'client.get': ({ id }) => Promise.resolve(clients.view(clients.getOrFail(id))),
    'client.get-by-name': ({ name }) => Promise.resolve(clients.view(clients.byNameOrFail(name))),
    'flow.create': (wanted) => thenNotify(services, signIn.start(wanted)),
    'flow.get': ({ id }) => signIn.get(id),
    'session.list': () => Promise.resolve(views.sessions()),
    'session.get': ({ id }) => Promise.resolve(views.session(sessions.getOrFail(id))),
  } satisfies Partial<Handlers>;
}
