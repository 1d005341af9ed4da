import type { Sender } from '#browser/messages/background-messages.ts';
import { extensionGrantee } from '#core/values/origin.ts';
import type { ExternalCaller, Self } from './caller.ts';

/**
 * The extension that sent a message to ours, by its id, which the browser reports; undefined for every other sender.
 *
 * The browsers deliver what content scripts send under the id of their extension too, but their code runs in the process of a
 * page, where a page may have taken it over. So the sender must be a context of the extension itself, without a tab: a
 * background or a popup, and no page of the extension in a tab.
 */
export function externalCallerOf(sender: Sender, self: Self): ExternalCaller | undefined {
  const origin = extensionGrantee(sender.id);
  if (origin === undefined || sender.id === self.id) return undefined;
  const { tabId, frameId = 0, documentLifecycle = 'active' } = sender;
  if (tabId !== undefined || frameId !== 0 || documentLifecycle !== 'active') return undefined;
  if (sender.nativeApplication !== undefined || sender.userScriptWorldId !== undefined)
    return undefined;
  return hasOriginOfExtension(sender, self)
    ? { kind: 'external', origin, documentId: origin }
    : undefined;
}

/** What Firefox gives an extension in the place of its id. It differs between two installations. */
const firefoxOrigin = /^moz-extension:\/\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;

/** Whether origin and URL of a sender are those of an extension: in Chrome of the one with its id, in Firefox of another than ours. */
function hasOriginOfExtension({ id, origin, url }: Sender, self: Self): boolean {
  if (self.origin.startsWith('chrome-extension://')) {
    const expected = `chrome-extension://${id ?? ''}`;
    // Chrome reports no origin of a service worker.
    return (origin ?? expected) === expected && isBelow(url ?? `${expected}/`, expected);
  }
  if (origin === undefined || url === undefined || origin === self.origin) return false;
  return firefoxOrigin.test(origin) && isBelow(url, origin);
}

function isBelow(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`);
}
