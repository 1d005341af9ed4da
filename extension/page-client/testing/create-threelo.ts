import * as v from 'valibot';
import { BrokerError, fault, toPageFault } from '#core/values/fault.ts';
import { pageFault } from '#core/values/own-page-fault.ts';
import type { ThreeloErrorCode } from '#wire/page-api.ts';
import { commands } from '#wire/commands.ts';
import { createPageApi } from '../../content/page-api.ts';
import { ThreeloError } from '../../content/threelo-error.ts';
import type { PageCommand, WorkerChannel } from '../../content/worker-channel.ts';
import { createCalls, type Calls } from './calls.ts';
import { createConnection, type Connection } from './connection.ts';
import { createPerson, type Person } from './person.ts';
import type { TestOptions, TestThreelo } from './types.ts';

const notFound = (): Response =>
  Response.json({ errorMessages: ['The test answers nothing here.'] }, { status: 404 });

/**
 * A double of Threelo for tests of pages: the page's side is that of the extension, and calls are planned and refused by the
 * extension's own rules, but `answer` takes the place of the sites and `decide` that of the person.
 */
export function createThreelo(options: TestOptions): TestThreelo {
  const { accounts = [{ id: 'account' }], version = '0.0.0' } = options;
  const { answer = notFound, decide = () => false } = options;
  const connection = createConnection(accounts);
  const granted = { sites: options.sites };
  connection.set(options);
  const person = createPerson(connection, granted, decide);
  const calls = createCalls({ connection, person, answer });
  const channel = channelOf(connection, person, calls);
  const events = new EventTarget();
  let api = createPageApi(channel, events, version);
  const installed = new Set<object>();
  connection.onEvent((event) => {
    if (event !== 'began') events.dispatchEvent(new Event('change'));
    else {
      api = createPageApi(channel, events, version);
      for (const window of installed) expose(window, api);
    }
  });
  return {
    get threelo() {
      return api;
    },
    calls: calls.sent,
    questions: person.questions,
    grant: (next) => {
      person.forgetDenials();
      granted.sites = next.sites;
      connection.set(next);
    },
    disconnect: () => {
      connection.end();
    },
    install: (window = globalThis) => {
      installed.add(window);
      if (connection.isConnected()) expose(window, api);
      return () => {
        installed.delete(window);
        Reflect.deleteProperty(window, 'threelo');
      };
    },
  };
}

/** What a call of the page is rejected with, for an `answer` to throw. */
export function refusal(code: ThreeloErrorCode): Error {
  return new ThreeloError(fault(code));
}

function expose(window: object, value: TestThreelo['threelo']): void {
  Object.defineProperty(window, 'threelo', { value, configurable: true, enumerable: true });
  const { dispatchEvent } = window as Partial<EventTarget>;
  dispatchEvent?.call(window as EventTarget, new Event('threelo:ready'));
}

/** As the browser copies what one script sends to another. */
function clone(body: unknown): unknown {
  try {
    return structuredClone(body);
  } catch {
    throw new ThreeloError(pageFault('invalid_request'));
  }
}

type Handler = (body: never) => unknown;

function channelOf(connection: Connection, person: Person, calls: Calls): WorkerChannel {
  const handlers: Readonly<Record<PageCommand, Handler>> = {
    'page.hello': () => ({ isConnected: connection.isConnected() }),
    'page.shown': () => null,
    'page.sites': () => connection.sites(),
    'page.request-access': async (wanted) => {
      await person.requestAccess(wanted);
      return connection.sites();
    },
    'page.can': (question) => calls.can(question),
    'page.disconnect': () => {
      connection.end();
      return null;
    },
    'api.request': (request) => calls.request(request),
    'api.write': (piece) => {
      calls.write(piece);
      return null;
    },
    'api.read': ({ callId }: { readonly callId: string }) => calls.read(callId),
    'api.abort': ({ callId }: { readonly callId: string }) => {
      calls.abort(callId);
      return null;
    },
  };
  return {
    send: async (name, body) => {
      try {
        const parsed = v.safeParse(commands[name].request, clone(body));
        if (!parsed.success) throw new BrokerError('invalid_request', { subject: name });
        return (await handlers[name](parsed.output as never)) as never;
      } catch (thrown) {
        // Whatever the test throws is for its author to see.
        if (!(thrown instanceof BrokerError)) throw thrown;
        throw new ThreeloError(toPageFault(thrown.fault));
      }
    },
  };
}
