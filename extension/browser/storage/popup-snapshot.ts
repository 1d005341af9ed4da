import type { Origin } from '#core/values/origin.ts';
import type { PopupSnapshot, PopupView } from '#wire/list-views.ts';
import { browser } from '../api/browser.ts';

/** The key under which the worker stores it, see `keys` of `extension/storage/schema.ts`. */
const key = 'popup';
const empty: Readonly<Record<string, unknown>> = {};

/**
 * What the popup showed over a page, as far as the worker has stored it: to be shown until the reply to `popup.view`
 * is there, which may be newer. Of a choice between sites it has only the one that is chosen. Undefined when nothing is stored, or
 * when it cannot be read.
 */
export async function readPopupSnapshot(
  page: Promise<{ readonly origin?: Origin }>,
): Promise<PopupView | undefined> {
  // Both are asked for at the same time.
  const [{ [key]: stored }, { origin }] = await Promise.all([
    browser.storage.session.get(key).catch(() => empty),
    page,
  ]);
  // Only the worker writes here, and the area is emptied when the extension is updated.
  const snapshot = stored as PopupSnapshot | undefined;
  if (snapshot === undefined) return undefined;
  const connection = origin === undefined ? undefined : snapshot.pages[origin];
  return {
    ...snapshot.view,
    denials: snapshot.denials.filter((one) => one.origin === origin),
    ...(connection === undefined ? {} : { page: connection }),
  };
}
