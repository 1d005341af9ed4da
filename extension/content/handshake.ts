/**
 * How shim and content script of one document find each other: whichever comes second calls, the shim
 * asks, and the content script hands out one end of a channel. Any script of the page can ask as well:
 * the unit of trust is the origin, and the port carries no more than the page may do anyway.
 */
export const calls = {
  shim: 'threelo:shim',
  content: 'threelo:content',
  port: 'threelo:port',
} as const;

/** What a shim sends over its port. */
export interface PortRequest {
  readonly id: number;
  readonly name: string;
  readonly body: unknown;
}

/** What comes back over the port: an answer, or an announcement. */
export type PortMessage =
  { readonly id: number; readonly reply: unknown } | { readonly event: string };

/** Posts a call to this window alone. */
export function callWindow(call: string, transfer: Transferable[] = []): void {
  window.postMessage({ threelo: call }, location.origin, transfer);
}

/** Calls back for each such call from this window itself; returns the way to stop. */
export function onCall(
  call: string,
  listener: (ports: readonly MessagePort[]) => void,
): () => void {
  const onMessage = (event: MessageEvent<unknown>): void => {
    const isOwn = event.source === window && event.origin === location.origin;
    const { data } = event;
    const isCall =
      typeof data === 'object' && data !== null && 'threelo' in data && data.threelo === call;
    if (isOwn && isCall) listener(event.ports);
  };
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('message', onMessage);
  };
}
