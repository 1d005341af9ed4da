import * as v from 'valibot';
import type { MessageListener, OpenedPort } from '#browser/messages/background-messages.ts';
import { BrokerError, fault, toFault, toPageFault, type Fault } from '#core/values/fault.ts';
import {
  commands,
  isCommandName,
  type CommandName,
  type RequestOf,
  type ValueOf,
} from '#wire/commands.ts';
import { portOpened, type Envelope, type NumberedReply, type Reply } from '#wire/envelope.ts';
import { readEnvelope, readNumberedEnvelope } from '#wire/read-envelope.ts';
import { callerOf, type ApiCaller, type Caller, type Self } from './caller.ts';
import type { OtherExtensions } from './other-extensions.ts';
import type { WaitingCommands } from './waiting-commands.ts';

/** The kind of caller that a command's handler receives. */
type CallerOf<N extends CommandName> =
  (typeof commands)[N]['callers'][number] extends ApiCaller['kind'] ? ApiCaller : Caller;

/** One handler per command. A missing one does not compile. */
export type Handlers = {
  readonly [N in CommandName]: (body: RequestOf<N>, caller: CallerOf<N>) => Promise<ValueOf<N>>;
};

type AnyHandler = (body: unknown, caller: Caller) => Promise<unknown>;

/** What messages are for. */
export interface Recipient {
  readonly handlers: Handlers;
  /** Ends all calls and questions of a document, or of a port of another extension. */
  readonly documentLeft: (document: ApiCaller) => void;
  readonly otherExtensions: OtherExtensions;
}

export interface RouterContext {
  readonly self: Self;
  /** Called for each message. Rejects while the storage cannot be used. */
  readonly recipient: () => Promise<Recipient>;
  /** The same for all messages and ports. */
  readonly waiting: WaitingCommands;
  /** Erases everything although the storage cannot be used. */
  readonly eraseUnread?: () => Promise<void>;
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

/**
 * Handles the messages of a port as {@link createRouter} does. The sender is judged once, when the port is opened: the
 * browser reports it as of then, and a port that is not a page's is closed at once.
 */
export function createPortRouter(context: RouterContext): (port: OpenedPort) => void {
  return (port) => {
    const caller = callerOf(port.sender, context.self);
    if (caller.kind !== 'page') {
      port.close();
      return;
    }
    port.post(portOpened);
    port.onMessage((message) => {
      const envelope = readNumberedEnvelope(message);
      if (envelope === undefined) return;
      void replyTo(envelope, caller, context).then((reply) => {
        port.post({ id: envelope.id, reply } satisfies NumberedReply);
      });
    });
    port.onClosed(() => {
      // Then its earlier commands have begun.
      context.recipient().then(
        ({ documentLeft }) => {
          documentLeft(caller);
        },
        () => undefined,
      );
    });
  };
}

/** The reply to a command of a caller. Never rejects. */
export async function replyTo(
  envelope: Pick<Envelope, 'name' | 'body'>,
  caller: Caller,
  { recipient, waiting, eraseUnread }: RouterContext,
): Promise<Reply<unknown>> {
  let leave: (() => void) | undefined;
  try {
    const refused = callerFault(envelope, caller);
    if (refused) return { ok: false, fault: refused };
    const name = envelope.name as CommandName;
    if ('origin' in caller) leave = waiting.enter(caller.origin, name);
    const parsed = v.safeParse(commands[name].request, envelope.body);
    if (!parsed.success) return { ok: false, fault: fault('invalid_request', { subject: name }) };
    const ready = await recipient().catch(async (thrown: unknown) => {
      if (name !== 'everything.erase' || eraseUnread === undefined) throw thrown;
      await eraseUnread();
    });
    if (ready === undefined) return { ok: true, value: null };
    const { handlers, otherExtensions } = ready;
    if (caller.kind === 'external' && !otherExtensions.isServed())
      throw new BrokerError('not_connected');
    const handle = handlers[name] as AnyHandler;
    return { ok: true, value: await handle(parsed.output, caller) };
  } catch (thrown) {
    const inner = toFault(thrown);
    return { ok: false, fault: caller.kind === 'ui' ? inner : toPageFault(inner) };
  } finally {
    leave?.();
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
