import type { Handlers } from '../messages/router.ts';
import { clientHandlers } from './client-commands.ts';
import { dataCenterClientHandlers } from './data-center-client-commands.ts';
import { pageHandlers } from './page-commands.ts';
import type { Services } from './services.ts';
import { uiHandlers } from './ui-commands.ts';

/** One handler per command. A handler calls a service and decides nothing itself. */
export function createHandlers(services: Services): Handlers {
  return {
    ...clientHandlers(services),
    ...dataCenterClientHandlers(services),
    ...uiHandlers(services),
    ...pageHandlers(services),
  };
}
