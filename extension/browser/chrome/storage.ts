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

interface Bucket {
  readonly indexedDB: IDBFactory;
}

interface BucketManager {
  open(name: string): Promise<Bucket>;
}

/**
 * Kept: when the bucket is garbage, Chrome's garbage collection ends the connection to its databases without an event, and a
 * transaction that begins later never ends.
 */
let bucket: Bucket | undefined;

/**
 * The IndexedDB of the copy of the keys: that of a storage bucket, which Chrome keeps in a LevelDB of its own.
 *
 * Chrome writes each record of a LevelDB log in two parts. When it is killed between them, the next start appends to the log, and
 * the start after that finds a wrong checksum and deletes the whole LevelDB. See ADR 35.
 * @see https://developer.chrome.com/docs/web-platform/storage-buckets
 */
export async function copyFactory(): Promise<IDBFactory> {
  // The types lack `storageBuckets` (Chrome 122).
  const { storageBuckets } = navigator as unknown as { readonly storageBuckets: BucketManager };
  bucket = await storageBuckets.open('copies');
  return bucket.indexedDB;
}

/** Asks the browser not to delete the extension's IndexedDB when the disk is full. */
export function persistStorage(): void {
  // Chrome deletes nothing of an extension with the permission `unlimitedStorage`.
}
