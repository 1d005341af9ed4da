/**
 * Firefox has no `setAccessLevel`: content scripts can read and write `storage.local`, which is why
 * every secret and every page grant is encrypted there. https://bugzil.la/1724754
 */
export function closeStorageToContentScripts(): Promise<void> {
  return Promise.resolve();
}

/** The IndexedDB of the copy of the keys. Firefox keeps each database in a file of its own, and has no storage buckets. */
export function copyFactory(): Promise<IDBFactory> {
  return Promise.resolve(indexedDB);
}

/**
 * Asks the browser not to delete the extension's IndexedDB when the disk is full. With the permission `unlimitedStorage` Firefox
 * agrees without a question to the person.
 * @see https://developer.mozilla.org/docs/Web/API/Storage_API/Storage_quotas_and_eviction_criteria
 */
export function persistStorage(): void {
  // The types are those of a service worker. The background of Firefox is a page, and has the method.
  const storage = navigator.storage as unknown as { persist(): Promise<boolean> };
  storage.persist().catch(() => undefined);
}
