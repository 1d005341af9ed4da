import type { MessageListener, OpenedPort } from '#browser/messages/background-messages.ts';
import { portOpened, type Envelope, type NumberedReply, type Reply } from '#wire/envelope.ts';
import { readEnvelope, readNumberedEnvelope } from '#wire/read-envelope.ts';
import type { ExternalCaller } from './caller.ts';
import { externalCallerOf } from './external-caller.ts';
import type { ExternalPort } from './other-extensions.ts';
import { replyTo, type RouterContext } from './router.ts';

/**
 * Handles the messages of other extensions as `createRouter` does those of our own pages. While other extensions are not
 * served, and to a sender that is no extension, nothing is answered.
 */
export function createExternalRouter(context: RouterContext): MessageListener {
  return (message, sender) => {
    const caller = externalCallerOf(sender, context.self);
    const envelope = readEnvelope(message);
    if (caller === undefined || envelope === undefined) return undefined;
    return replyIfServed(envelope, caller, context);
  };
}

/** Handles the ports of other extensions. A port that is not to be served is closed as soon as that is known. */
export function createExternalPortRouter(context: RouterContext): (port: OpenedPort) => void {
  let opened = 0;
  return (port) => {
    const sender = externalCallerOf(port.sender, context.self);
    if (sender === undefined) {
      port.close();
      return;
    }
    opened += 1;
    serve(port, { ...sender, documentId: `${sender.origin} ${String(opened)}` }, context);
  };
}

function serve(port: OpenedPort, caller: ExternalCaller, context: RouterContext): void {
  let waiting = 0;
  let isClosing = false;
  const closeIfIdle = (): void => {
    if (isClosing && waiting === 0) port.close();
  };
  const served: ExternalPort = {
    origin: caller.origin,
    post: port.post,
    closeWhenIdle: () => {
      isClosing = true;
      closeIfIdle();
    },
  };
  const recipient = context.recipient();
  recipient.then(
    ({ otherExtensions }) => {
      if (otherExtensions.isServed() && otherExtensions.add(served)) port.post(portOpened);
      else port.close();
    },
    () => {
      port.close();
    },
  );
  // Registered now: messages that arrive before the services are composed are not delivered again.
  port.onMessage((message) => {
    const envelope = readNumberedEnvelope(message);
    if (envelope === undefined || isClosing) return;
    waiting += 1;
    void replyIfServed(envelope, caller, context).then((reply) => {
      waiting -= 1;
      if (reply) port.post({ id: envelope.id, reply } satisfies NumberedReply);
      closeIfIdle();
    });
  });
  port.onClosed(() => {
    // Then its earlier commands have begun.
    recipient.then(
      ({ otherExtensions, documentLeft }) => {
        otherExtensions.remove(served);
        documentLeft(caller);
      },
      () => undefined,
    );
  });
}

/** The reply to a command; undefined when other extensions were not served when it arrived. */
async function replyIfServed(
  envelope: Pick<Envelope, 'name' | 'body'>,
  caller: ExternalCaller,
  context: RouterContext,
): Promise<Reply<unknown> | undefined> {
  const isServed = context.recipient().then(
    ({ otherExtensions }) => otherExtensions.isServed(),
    () => false,
  );
  const reply = await replyTo(envelope, caller, context);
  return (await isServed) ? reply : undefined;
}
