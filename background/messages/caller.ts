import type { Sender } from '../../extension/browser/messages/background-messages.ts';
import { connectableOrigin, type Origin } from '../../extension/core/values/origin.ts';

/** A document of a connected or not connected page. */
export interface PageCaller {
  readonly kind: 'page';
  readonly origin: Origin;
  readonly tabId: number;
  /** Names the document within the browser; a navigation makes a new one. */
  readonly documentId: string;
}

/** Who sent a message. */
export type Caller = { readonly kind: 'ui' } | PageCaller | { readonly kind: 'unknown' };

/** What the browser says of this extension. */
export interface Self {
  readonly id: string;
  readonly origin: string;
}

const unknown: Caller = { kind: 'unknown' };

/**
 * Derives the caller from what the browser says of the sender and from nothing that the sender wrote.
 * `sender.origin` and not `sender.url` decides: the url of a sandboxed frame names a site whose authority
 * the frame does not have. Whatever is missing or odd makes the caller unknown.
 */
export function callerOf(sender: Sender, self: Self): Caller {
  if (sender.id !== self.id || sender.origin === undefined) return unknown;
  if (sender.origin === self.origin) return isOwnPage(sender, self) ? { kind: 'ui' } : unknown;
  const origin = connectableOrigin(sender.origin);
  const { tabId, documentId, frameId, documentLifecycle = 'active' } = sender;
  const isTopDocument = frameId === 0 && documentLifecycle === 'active';
  if (origin !== sender.origin || !isTopDocument) return unknown;
  if (tabId === undefined || documentId === undefined) return unknown;
  return { kind: 'page', origin, tabId, documentId };
}

function isOwnPage(sender: Sender, self: Self): boolean {
  const isTop = sender.frameId === undefined || sender.frameId === 0;
  return isTop && sender.url !== undefined && sender.url.startsWith(`${self.origin}/`);
}
