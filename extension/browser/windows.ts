import { browser } from './api/browser.ts';

/** Calls the listener with the id of each window of type `popup` that opens; returns a function that removes the listener. */
export function onPopupWindow(listener: (windowId: number) => void): () => void {
  const onCreated = (created: { id?: number | undefined; type?: string | undefined }): void => {
    if (created.id !== undefined && created.type === 'popup') listener(created.id);
  };
  browser.windows.onCreated.addListener(onCreated);
  return () => {
    browser.windows.onCreated.removeListener(onCreated);
  };
}

/** Calls the listener with the id of each tab that closes; returns a function that removes the listener. */
export function onTabClosed(listener: (tabId: number) => void): () => void {
  const onRemoved = (tabId: number): void => {
    listener(tabId);
  };
  browser.tabs.onRemoved.addListener(onRemoved);
  return () => {
    browser.tabs.onRemoved.removeListener(onRemoved);
  };
}

/** The ids of the open windows of type `popup`. */
export async function popupWindows(): Promise<number[]> {
  const all = await browser.windows.getAll({ windowTypes: ['popup'] });
  return all.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

/** Calls the listener with the id of each window that closes. */
export function onWindowClosed(listener: (windowId: number) => void): void {
  browser.windows.onRemoved.addListener(listener);
}

/** Closes a window, if it is open. */
export async function closeWindow(windowId: number): Promise<void> {
  await browser.windows.remove(windowId).catch(() => undefined);
}

/** Focuses a window. Resolves to false if it is closed. */
export async function showWindow(windowId: number): Promise<boolean> {
  try {
    await browser.windows.update(windowId, { focused: true });
    return true;
  } catch {
    // The only possible failure: the window is closed.
    return false;
  }
}

/** Opens one of the extension's pages in a small window; resolves to the window's id. */
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

/** Opens the options page, or focuses it if it is open; with a route (`#/clients/new`), opens a new tab. */
export async function openOptions(route?: string): Promise<void> {
  if (route === undefined) await browser.runtime.openOptionsPage();
  else await browser.tabs.create({ url: browser.runtime.getURL(`options/index.html${route}`) });
}

/** Shows a tab, in front; when there is no such tab, opens the URL in a new one. */
export async function showPage(url: string, tabId: number | undefined): Promise<void> {
  try {
    if (tabId === undefined) throw new Error('no tab');
    const { windowId } = await browser.tabs.update(tabId, { active: true });
    if (windowId !== undefined) await browser.windows.update(windowId, { focused: true });
  } catch {
    await browser.tabs.create({ url });
  }
}
