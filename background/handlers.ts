import { clientHandlers } from './client-handlers.ts';
import { pageHandlers } from './page-handlers.ts';
import type { Handlers } from './router.ts';
import type { Services } from './services.ts';
import { uiHandlers } from './ui-handlers.ts';

/** One line per command, calling a service. */
export function createHandlers(services: Services): Handlers {
  return { ...clientHandlers(services), ...uiHandlers(services), ...pageHandlers(services) };
}
