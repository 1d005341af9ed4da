import type { Handlers } from '../messages/router.ts';
import type { Services } from './services.ts';

/** The commands of the console. As the calls of pages, and unlike other commands of the options, they keep no update waiting. */
export function consoleHandlers({ apiConsole }: Services) {
  return {
    'console.send': (call) => apiConsole.send(call),
    'console.explain': (question) => apiConsole.explain(question),
    'console.cancel': ({ callId }) => {
      apiConsole.cancel(callId);
      return Promise.resolve(null);
    },
  } satisfies Partial<Handlers>;
}
