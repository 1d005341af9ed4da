import type { Handlers } from '../messages/router.ts';
import { clientHandlers } from './client-commands.ts';
import { pageHandlers } from './page-commands.ts';
import type { Services } from './services.ts';
import { uiHandlers } from './ui-commands.ts';

/** One line per command, calling a service. */
export function createHandlers(services: Services): Handlers {
  const handlers: Handlers = {
    ...clientHandlers(services),
    ...uiHandlers(services),
    ...pageHandlers(services),
  };
  /** The person went on to something for which hosts may be asked, so that these are none for a sign-in that waits. */
  const elsewhere =
    <B, C, V>(handle: (body: B, caller: C) => Promise<V>) =>
    async (body: B, caller: C): Promise<V> => {
      await services.signIn.cancelPrepared();
      return handle(body, caller);
    };
  return {
    ...handlers,
    'grant.prepare': elsewhere(handlers['grant.prepare']),
    'client.discover': elsewhere(handlers['client.discover']),
    'client.diagnose': elsewhere(handlers['client.diagnose']),
  };
}
