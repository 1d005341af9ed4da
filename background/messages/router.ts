import * as v from 'valibot';
import type { MessageListener, Sender } from '#browser/messages/background-messages.ts';
import { fault, toFault, toPageFault, type Fault } from '#core/values/fault.ts';
import {
  commands,
  isCommandName,
  type CommandName,
  type RequestOf,
  type ValueOf,
} from '#wire/commands.ts';
import { readEnvelope, type Envelope, type Reply } from '#wire/envelope.ts';
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

/**
 * Handles a message: reads the envelope, derives the caller, checks that it may send the command, parses the body, calls
 * the handler. Never rejects: a failure is a reply with a fault, and a page receives only the codes for pages.
 */
export function createRouter(context: {
  self: Self;
  /** Called for each message. Rejects while the storage cannot be used. */
  handlers: () => Promise<Handlers>;
}): MessageListener {
  return (message, sender) => {
    const envelope = readEnvelope(message);
    return envelope === undefined ? undefined : replyTo(envelope, sender, context);
  };
}

async function replyTo(
  envelope: Envelope,
  sender: Sender,
  { self, handlers }: { self: Self; handlers: () => Promise<Handlers> },
): Promise<Reply<unknown>> {
  const caller = callerOf(sender, self);
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
function callerFault({ name }: Envelope, caller: Caller): Fault | undefined {
  if (caller.kind === 'unknown') return fault('not_connected');
  if (!isCommandName(name)) return fault('invalid_request');
  const allowed: readonly string[] = commands[name].callers;
  if (allowed.includes(caller.kind)) return undefined;
  return caller.kind === 'ui' ? fault('forbidden') : fault('not_allowed');
}
