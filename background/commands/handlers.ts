import type { Handlers } from '../messages/router.ts';
import { clientHandlers } from './client-commands.ts';
import { consoleHandlers } from './console-commands.ts';
import { dataCenterClientHandlers } from './data-center-client-commands.ts';
import { pageHandlers } from './page-commands.ts';
import type { Services } from './services.ts';
import { uiHandlers } from './ui-commands.ts';

/** One handler per command. A handler calls a service and decides nothing itself. */
export function createHandlers(services: Services): Handlers {
  const ui = {
    ...clientHandlers(services),
    ...dataCenterClientHandlers(services),
    ...uiHandlers(services),
  };
  return { ...untilDone(ui, services), ...consoleHandlers(services), ...pageHandlers(services) };
}

/** Handlers during which no update is installed: what the person changes is stored as a whole. */
function untilDone<H extends Partial<Handlers>>(handlers: H, { world }: Services): H {
  type AnyHandler = (...args: unknown[]) => Promise<unknown>;
  const kept = Object.entries(handlers as Record<string, AnyHandler>).map(
    ([name, handle]) =>
      [name, (...args: unknown[]) => world.withKeepAlive(() => handle(...args))] as const,
  );
  return Object.fromEntries(kept) as unknown as H;
}
