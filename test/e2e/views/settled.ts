/** Waits until the document has its fonts and pictures and no longer changes. Self-contained; runs in the page. */
export async function settledInPage(): Promise<void> {
  /* As long as the worker may take for a reply. */
  const quietMs = 250;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      // A view is there when it has its heading, or a control.
      if (document.querySelector('h1, main button') === null) {
        again();
        return;
      }
      observer.disconnect();
      resolve();
    };
    let timer = setTimeout(end, quietMs);
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(end, quietMs);
    };
    const observer = new MutationObserver(again);
    observer.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
}
