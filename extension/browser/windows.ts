import browser from 'webextension-polyfill';

/** Calls back with the id of each window of type `popup` that opens; returns the way to stop. */
export function onPopupWindow(listener: (windowId: number) => void): () => void {
  const onCreated = (created: { id?: number | undefined; type?: string | undefined }): void => {
    if (created.id !== undefined && created.type === 'popup') listener(created.id);
  };
  browser.windows.onCreated.addListener(onCreated);
  return () => {
    browser.windows.onCreated.removeListener(onCreated);
  };
}

/** The ids of the windows of type `popup` that are open. */
export async function popupWindows(): Promise<number[]> {
  const all = await browser.windows.getAll({ windowTypes: ['popup'] });
  return all.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

/** Calls back with the id of each window that closes. */
export function onWindowClosed(listener: (windowId: number) => void): void {
  browser.windows.onRemoved.addListener(listener);
}

/** Closes a window; one that is gone already is fine. */
export async function closeWindow(windowId: number): Promise<void> {
  await browser.windows.remove(windowId).catch(() => undefined);
}

/** Brings a window to the front. Resolves to false when it is gone. */
export async function showWindow(windowId: number): Promise<boolean> {
  try {
    await browser.windows.update(windowId, { focused: true });
    return true;
  } catch {
    // The one way to fail is that there is no such window any more.
    return false;
  }
}

/** Opens one of our own pages in a small window of its own; resolves to its id. */
export async function openOwnWindow(
  path: string,
  size: { width: number; height: number },
): Promise<number | undefined> {
  const created = await browser.windows.create({
    url: browser.runtime.getURL(path),
    type: 'popup',
    ...size,
  });
  return created.id;
}

/** Opens the options page, or brings the tab to the front in which it is open. */
export async function openOptions(): Promise<void> {
  await browser.runtime.openOptionsPage();
}
