import type { PageUnderTest } from '../browser/browser-under-test.ts';

/**
 * Switches one host off on the extension's own details page, which is where a person does it. While "Automatically allow access
 * on the following sites" is on, no single host can be switched: so that goes off first, and the other hosts on again.
 */
export async function withdrawInChromium(
  openTab: (url: string) => Promise<PageUnderTest>,
  extensionOrigin: string,
  origin: string,
): Promise<void> {
  const page = await openTab(`chrome://extensions/?id=${new URL(extensionOrigin).host}`);
  await page.evaluate(switchOffInPage, `${origin}/*`);
  await page.close();
}

/* The page is made of nested shadow roots, and its switches have no names of their own. */
async function switchOffInPage(pattern: string): Promise<void> {
  type Toggle = HTMLElement & { checked: boolean; disabled: boolean };
  const endsAtMs = Date.now() + 10_000;
  const rows = (): Map<string, Toggle> => {
    const found = new Map<string, Toggle>();
    const roots: ParentNode[] = [document];
    for (const root of roots)
      for (const element of root.querySelectorAll('*')) {
        const toggle =
          element.localName === 'extensions-toggle-row'
            ? element.shadowRoot?.querySelector<Toggle>('cr-toggle')
            : undefined;
        const name = element.id === 'allHostsToggle' ? 'all' : element.textContent.trim();
        if (toggle && (name === 'all' || name.includes('://'))) found.set(name, toggle);
        if (element.shadowRoot) roots.push(element.shadowRoot);
      }
    return found;
  };
  const look = async (isSo: () => boolean, what: string): Promise<void> => {
    while (!isSo()) {
      if (Date.now() > endsAtMs)
        throw new Error(
          `waited for ${what}; there are: ${[...rows()].map(([name, { checked, disabled }]) => `${name} ${checked ? 'on' : 'off'}${disabled ? ' (fixed)' : ''}`).join(', ')}`,
        );
      await new Promise<void>((resolve) => void requestAnimationFrame(() => resolve()));
    }
  };
  const turn = async (name: string, isOn: boolean): Promise<void> => {
    await look(() => rows().get(name)?.disabled === false, `the switch of ${name}`);
    if (rows().get(name)?.checked !== isOn) rows().get(name)?.click();
    await look(() => rows().get(name)?.checked === isOn, `${name} to be ${isOn ? 'on' : 'off'}`);
  };
  await look(() => rows().has(pattern), `the switch of ${pattern}`);
  const others = [...rows()]
    .filter(([name, { checked }]) => name !== 'all' && name !== pattern && checked)
    .map(([name]) => name);
  if (rows().get('all')?.checked) {
    await turn('all', false);
    for (const other of others) await turn(other, true);
  }
  await turn(pattern, false);
}
