/**
 * Firefox has no `setAccessLevel`: content scripts can read and write `storage.local`, which is why
 * every secret and every page grant is encrypted there. https://bugzil.la/1724754
 */
export function closeStorageToContentScripts(): Promise<void> {
  return Promise.resolve();
}
