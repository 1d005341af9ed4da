import { BrokerError, fault, isFaultCode, type Fault } from '#core/values/fault.ts';
import type { CommandName, RequestOf, ValueOf } from './commands.ts';
import { wireVersion, type Reply } from './envelope.ts';

/** Sends a message to the worker: `runtime.sendMessage`, or a fake. */
export type Transport = (message: unknown) => Promise<unknown>;

/** Sends a command; resolves to the value of its reply. @throws BrokerError with the fault of the reply */
export type Send = <N extends CommandName>(name: N, body: RequestOf<N>) => Promise<ValueOf<N>>;

/** When the worker does not reply, the command fails with `unavailable`. */
export function createSend(transport: Transport): Send {
  return async (name, body) => {
    const reply = await replyTo(transport, { v: wireVersion, name, body });
    if (!reply.ok) throw faultError(reply.fault);
    return reply.value as ValueOf<typeof name>;
  };
}

async function replyTo(transport: Transport, message: unknown): Promise<Reply<unknown>> {
  try {
    const reply = await transport(message);
    if (isReply(reply)) return reply;
  } catch {
    // The worker stopped, or the extension was reloaded. Handled like no reply.
  }
  return { ok: false, fault: fault('unavailable') };
}

function isReply(reply: unknown): reply is Reply<unknown> {
  if (typeof reply !== 'object' || reply === null || !('ok' in reply)) return false;
  return reply.ok === true || (reply.ok === false && 'fault' in reply && isFault(reply.fault));
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'code' in value && isFaultCode(value.code);
}

function faultError({ code, message: _message, ...detail }: Fault): BrokerError {
  return new BrokerError(code, detail);
}
