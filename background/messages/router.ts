import * as v from 'valibot';
import type { DocumentPort, MessageListener } from '#browser/messages/background-messages.ts';
import { fault, toFault, toPageFault, type Fault } from '#core/values/fault.ts';
import {
  commands,
  isCommandName,
  type CommandName,
  type RequestOf,
  type ValueOf,
} from '#wire/commands.ts';
import {
  readEnvelope,
  readNumberedEnvelope,
  type Envelope,
  type NumberedReply,
  type Reply,
} from '#wire/envelope.ts';
import { callerOf, type Caller, type PageCaller, type Self } from './caller.ts';

/** The kind of caller that a command's handler receives. */
type CallerOf<N extends CommandName> = (typeof commands)[N]['callers'][number] extends 'page'
  ? PageCaller
  : Caller;

/** One handler per command. A missing one does not compile. */
export type Handlers = {
  readonly [N in CommandName]: (body: RequestOf<N>, caller: CallerOf<N>) => Promise<ValueOf<N>>;
};

type AnyHandler = (body: unknown, caller: Caller) => Promise<unknown>;

interface RouterContext {
  readonly self: Self;
  /** Called for each message. Rejects while the storage cannot be used. */
  readonly handlers: () => Promise<Handlers>;
}

/**
 * Handles a message: reads the envelope, derives the caller, checks that it may send the command, parses the body, calls
 * the handler. Never rejects: a failure is a reply with a fault, and a page receives only the codes for pages.
 */
export function createRouter(context: RouterContext): MessageListener {
  return (message, sender) => {
    const envelope = readEnvelope(message);
    if (envelope === undefined) return undefined;
    return replyTo(envelope, callerOf(sender, context.self), context);
  };
}

/** The ports of documents. */
export interface DocumentPorts {
  /**
   * Handles the messages of a port as {@link createRouter} does. The sender is judged once, when the port is opened:
   * the browser reports it as of then, and a port that is not a page's is closed at once.
   */
  serve(port: DocumentPort): void;
  /** Closes the ports of an origin, each after the replies that it still gets. */
  closeAll(origin: PageCaller['origin']): void;
}

interface OpenPort {
  readonly port: DocumentPort;
  readonly caller: PageCaller;
  /** Commands without a reply. */
  waiting: number;
  isEnding: boolean;
}

export function createDocumentPorts(context: RouterContext): DocumentPorts {
  const open = new Set<OpenPort>();
  const closeWhenDone = (one: OpenPort): void => {
    if (!one.isEnding || one.waiting > 0) return;
    open.delete(one);
    one.port.close();
  };
  const receive = async (one: OpenPort, message: unknown): Promise<void> => {
    const envelope = readNumberedEnvelope(message);
    if (envelope === undefined) return;
    one.waiting += 1;
    const reply = await replyTo(envelope, one.caller, context);
    one.port.post({ id: envelope.id, reply } satisfies NumberedReply);
    one.waiting -= 1;
    closeWhenDone(one);
  };
  return {
    serve: (port) => {
      const caller = callerOf(port.sender, context.self);
      if (caller.kind !== 'page') {
        port.close();
        return;
      }
      const one: OpenPort = { port, caller, waiting: 0, isEnding: false };
      open.add(one);
      port.onMessage((message) => void receive(one, message));
      port.onClosed(() => {
        open.delete(one);
        void replyTo({ name: 'page.leave', body: {} }, caller, context);
      });
    },
    closeAll: (origin) => {
      for (const one of open) {
        if (one.caller.origin !== origin) continue;
        one.isEnding = true;
        closeWhenDone(one);
      }
    },
  };
}

async function replyTo(
  envelope: Pick<Envelope, 'name' | 'body'>,
  caller: Caller,
  { handlers }: RouterContext,
): Promise<Reply<unknown>> {
  try {
    const refused = callerFault(envelope, caller);
    if (refused) return { ok: false, fault: refused };
    const name = envelope.name as CommandName;
    const parsed = v.safeParse(commands[name].request, envelope.body);
    if (!parsed.success) return { ok: false, fault: fault('invalid_request', { subject: name }) };
    const handle = (await handlers())[name] as AnyHandler;
    return { ok: true, value: await handle(parsed.output, caller) };
  } catch (thrown) {
    const inner = toFault(thrown);
    return { ok: false, fault: caller.kind === 'ui' ? inner : toPageFault(inner) };
  }
}

/** The fault when the caller may not send the command. */
function callerFault({ name }: Pick<Envelope, 'name'>, caller: Caller): Fault | undefined {
  if (caller.kind === 'unknown') return fault('not_connected');
  if (!isCommandName(name)) return fault('invalid_request');
  const allowed: readonly string[] = commands[name].callers;
  if (allowed.includes(caller.kind)) return undefined;
  return caller.kind === 'ui' ? fault('forbidden') : fault('not_allowed');
}
