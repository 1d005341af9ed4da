/* Functions that run in Firefox's own window to reach the toolbar popup; each is self-contained. */

/**
 * Waits until Firefox's window is the active one and, where the focus belongs to the page in front, until that page has it: a
 * key goes to the page first, and with a page that is about to lose the focus it is lost.
 */
export async function waitForKeyFocusInChrome(): Promise<void> {
  const { gBrowser } = window as unknown as { gBrowser: { selectedBrowser: XulBrowser } };
  while (!document.hasFocus())
    await new Promise<void>((resolve) =>
      addEventListener('activate', () => setTimeout(resolve, 0), { once: true }),
    );
  const browser = gBrowser.selectedBrowser;
  if (document.activeElement !== (browser as unknown as Element)) return;
  const name = `focused:${Math.random()}`;
  const focused = new Promise<void>((resolve) =>
    browser.messageManager.addMessageListener(name, { receiveMessage: () => resolve() }),
  );
  const script = `(async () => {
    while (!content.document.hasFocus())
      await new Promise((resolve) => addEventListener('focus', () => content.setTimeout(resolve, 0), { capture: true, once: true }));
    sendAsyncMessage(${JSON.stringify(name)});
  })()`;
  browser.messageManager.loadFrameScript(
    `data:text/javascript;charset=utf-8,${encodeURIComponent(script)}`,
    false,
  );
  await focused;
}

/**
 * Waits until the extension's popup is open with its own page in it: Firefox gives that page 200 ms and then shows the panel
 * without it, as on a busy machine.
 */
export async function waitForPopupInChrome(address: string): Promise<void> {
  const panelBrowsers = (): XulBrowser[] =>
    (
      [...document.querySelectorAll('.webextension-popup-browser')] as unknown as XulBrowser[]
    ).filter(
      (browser) =>
        (browser.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
    );
  while (!panelBrowsers().some(({ currentURI }) => currentURI?.spec.startsWith(address))) {
    const [empty] = panelBrowsers();
    await new Promise<void>((resolve) => {
      if (empty === undefined) {
        addEventListener('popupshown', () => resolve(), { once: true });
        return;
      }
      const interfaces = ['nsIWebProgressListener', 'nsISupportsWeakReference'];
      const listener = {
        QueryInterface: ChromeUtils.generateQI(interfaces),
        onLocationChange: () => end(),
      };
      const end = (): void => {
        removeEventListener('popuphidden', end);
        empty.removeProgressListener(listener);
        resolve();
      };
      // It may close instead; and Firefox holds the other listener weakly, this one holds it for good.
      addEventListener('popuphidden', end);
      empty.addProgressListener(listener, Ci.nsIWebProgress.NOTIFY_LOCATION);
    });
  }
}

/** Resolves when the extension's popup is no longer open. */
export async function waitForPopupEndInChrome(address: string): Promise<void> {
  const isOpen = (): boolean =>
    ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).some(
      (browser) =>
        browser.currentURI?.spec.startsWith(address) &&
        (browser.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
    );
  while (isOpen())
    await new Promise<void>((resolve) =>
      addEventListener('popuphidden', () => setTimeout(resolve, 0), { once: true }),
    );
}

export function isPopupOpenInChrome(address: string): boolean {
  return ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).some(
    (browser) =>
      browser.currentURI?.spec.startsWith(address) &&
      (browser.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
  );
}

/** Evaluates an expression in the popup's own world, by a frame script: WebDriver does not list the popup. */
export async function evaluateInPopupInChrome(
  address: string,
  expression: string,
): Promise<{ value?: string; error?: string }> {
  const browser = ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).find(
    (candidate) =>
      candidate.currentURI?.spec.startsWith(address) &&
      (candidate.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
  );
  if (!browser) return { error: 'the popup is closed' };
  const name = `evaluated:${Math.random()}`;
  const answer = new Promise<{ value?: string; error?: string }>((resolve) =>
    browser.messageManager.addMessageListener(name, {
      receiveMessage: ({ data }) => resolve(data),
    }),
  );
  const script = `(async () => {
    try {
      const box = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
      sendAsyncMessage(${JSON.stringify(name)}, { value: await Cu.evalInSandbox(${JSON.stringify(expression)}, box) });
    } catch (error) {
      sendAsyncMessage(${JSON.stringify(name)}, { error: String(error && error.message || error) });
    }
  })()`;
  browser.messageManager.loadFrameScript(
    `data:text/javascript;charset=utf-8,${encodeURIComponent(script)}`,
    false,
  );
  return await answer;
}

/** Where the popup's page begins on the screen, in device pixels, and how many of them make a CSS pixel. */
export function popupOriginInChrome(address: string): { x: number; y: number; scale: number } {
  const browser = ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).find(
    (candidate) =>
      candidate.currentURI?.spec.startsWith(address) &&
      (candidate.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
  );
  if (!browser) throw new Error('the popup is closed');
  return {
    x: browser.screenX * devicePixelRatio,
    y: browser.screenY * devicePixelRatio,
    scale: devicePixelRatio,
  };
}

/** A picture of the popup's page as a data URL. */
export async function snapshotPopupInChrome(address: string): Promise<string> {
  const browser = ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).find(
    (candidate) =>
      candidate.currentURI?.spec.startsWith(address) &&
      (candidate.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
  );
  if (!browser) throw new Error('the popup is closed');
  const picture = await browser.browsingContext.currentWindowGlobal.drawSnapshot(
    null,
    devicePixelRatio,
    'white',
  );
  const canvas = document.createElementNS(
    'http://www.w3.org/1999/xhtml',
    'canvas',
  ) as HTMLCanvasElement;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  return canvas.toDataURL('image/png');
}

/** Makes the popup's page dark or light: the preference for tabs does not reach it. */
export function setPopupSchemeInChrome(address: string, scheme: string): void {
  const browser = ([...document.querySelectorAll('browser')] as unknown as XulBrowser[]).find(
    (candidate) =>
      candidate.currentURI?.spec.startsWith(address) &&
      (candidate.closest('panel') as unknown as { state?: string } | null)?.state === 'open',
  );
  if (!browser) throw new Error('the popup is closed');
  browser.browsingContext.prefersColorSchemeOverride = scheme;
}

/** Resolves after so many events of the display, keys that only modify left out; Firefox's window sees each before the popup does. */
export async function countEventsInChrome(
  name: 'keydown' | 'mouseup',
  count: number,
): Promise<void> {
  await new Promise<void>((resolve) => {
    let left = count;
    const see = (event: KeyboardEvent | MouseEvent): void => {
      const isModifier =
        'key' in event && ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph'].includes(event.key);
      if (isModifier) return;
      left -= 1;
      if (left > 0) return;
      removeEventListener(name, see, true);
      resolve();
    };
    addEventListener(name, see, true);
  });
}
