import type { Sender } from '#browser/messages/background-messages.ts';
import { connectableOrigin, type Origin } from '#core/values/origin.ts';

/** A top-level document of a page, connected or not. */
export interface PageCaller {
  readonly kind: 'page';
  readonly origin: Origin;
  readonly tabId: number;
  /** Identifies the document in the browser; a navigation creates a new one. */
  readonly documentId: string;
}

/** Another extension. */
export interface ExternalCaller {
  readonly kind: 'external';
  /** The key of the extension, see `extensionGrantee`. */
  readonly origin: Origin;
  /** Identifies the port, or all single messages of the extension. No document of a page has such an id. */
  readonly documentId: string;
}

/** Who calls with a grant of the person. */
export type ApiCaller = PageCaller | ExternalCaller;

/** Whose calls are sent: those of a document or of another extension, or one call of the console. */
export type CallOwner = Pick<ApiCaller, 'origin' | 'documentId'>;

/** Who sent a message. */
export type Caller = { readonly kind: 'ui' } | ApiCaller | { readonly kind: 'unknown' };

/** Id and origin of this extension, as the browser reports them. */
export interface Self {
  readonly id: string;
  readonly origin: string;
}

const unknown: Caller = { kind: 'unknown' };

/**
 * Derives the caller only from what the browser reports about the sender, never from the message.
 * Uses `sender.origin`, not `sender.url`: a sandboxed frame has the URL of a site but not the site's origin. When
 * anything is missing or unexpected, the caller is unknown.
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
