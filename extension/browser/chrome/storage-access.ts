import { browser } from '../api/browser.ts';

interface RestrictableArea {
  setAccessLevel(options: { accessLevel: 'TRUSTED_CONTEXTS' }): Promise<void>;
}

/** Denies content scripts access to the storage areas; must resolve before anything is written. */
export async function closeStorageToContentScripts(): Promise<void> {
  // The types lack `setAccessLevel` on `storage.local` (Chrome 140).
  const areas = [browser.storage.local, browser.storage.session] as unknown as RestrictableArea[];
  await Promise.all(areas.map((area) => area.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' })));
}
