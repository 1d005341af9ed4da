/**
 * The window messages by which the shim and the content script of a document connect: each announces itself when it
 * starts, and the content script answers the shim with one port of a channel. Any script of the page can request a port:
 * the unit of trust is the origin, and a port allows nothing that the page may not do.
 */
export const handshake = {
  shim: 'threelo:shim',
  content: 'threelo:content',
  port: 'threelo:port',
} as const;

/** A message from the shim over its port. */
export interface PortRequest {
  readonly id: number;
  readonly name: string;
  readonly body: unknown;
}

/** A message to the shim over its port: a reply, the news that there will be none, or an event. */
export type PortMessage =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly isLost: true }
  | { readonly event: string };

/** Posts a message to this window only. */
export function postToOwnWindow(message: string, transfer: Transferable[] = []): void {
  window.postMessage({ threelo: message }, location.origin, transfer);
}

/** Calls the listener for each such message from this window itself; returns a function that removes the listener. */
export function onOwnMessage(
  message: string,
  listener: (ports: readonly MessagePort[]) => void,
): () => void {
  const onMessage = (event: MessageEvent<unknown>): void => {
    const isOwn = event.source === window && event.origin === location.origin;
    const { data } = event;
    const isMessage =
      typeof data === 'object' && data !== null && 'threelo' in data && data.threelo === message;
    if (isOwn && isMessage) listener(event.ports);
  };
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('message', onMessage);
  };
}
