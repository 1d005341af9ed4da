import type { PageUnderTest } from '../browser/browser-under-test.ts';
import type { FirefoxConnection } from './firefox-connection.ts';

/** Switches one host off on the add-on's own permissions page, which is where a person does it. */
export async function withdrawInFirefox(
  openTab: (url: string) => Promise<PageUnderTest>,
  firefox: FirefoxConnection,
  geckoId: string,
  origin: string,
): Promise<void> {
  const page = await openTab('about:addons');
  await firefox.inChrome(showPermissionsInChrome, [geckoId]);
  await page.waitForText(new URL(origin).hostname);
  await page.evaluate(switchOffInPage, `${origin}/*`);
  await page.close();
}

async function showPermissionsInChrome(id: string): Promise<void> {
  const { BrowserAddonUI } = globalThis as unknown as {
    BrowserAddonUI: { openAddonsMgr(view: string): Promise<unknown> };
  };
  await BrowserAddonUI.openAddonsMgr(`addons://detail/${encodeURIComponent(id)}/permissions`);
}

async function switchOffInPage(pattern: string): Promise<void> {
  const toggle = document.querySelector<HTMLElement & { pressed: boolean }>(
    `moz-toggle[permission-key="${pattern}"]`,
  );
  if (!toggle) throw new Error(`no switch for ${pattern}: ${document.body.innerText}`);
  if (!toggle.pressed) throw new Error(`${pattern} is off already`);
  const switchedOff = new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      const now = document.querySelector<HTMLElement & { pressed: boolean }>(
        `moz-toggle[permission-key="${pattern}"]`,
      );
      if (now && (now.pressed || now.hasAttribute('disabled'))) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  toggle.click();
  await switchedOff;
}
