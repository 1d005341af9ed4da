import { BrokerError } from '../core/values/fault.ts';
import { keys, schemaVersion } from './schema.ts';

/** All of `storage.local`, unread. */
export type RawStore = Readonly<Record<string, unknown>>;
/** One step: from the version at its place in the list to the next one. Pure, over raw objects. */
export type Migration = (store: RawStore) => RawStore;

/** Version 2: clients remember the scopes that edits took out, sessions what they lost and whether they are identified. */
const toVersion2: Migration = (store) =>
  mapEntries(store, (key, entry) => {
    if (key.startsWith('client:')) return { removedScopes: [], ...entry };
    if (!key.startsWith('session:')) return entry;
    const account = entry['account'];
    const isNamed = isObject(account) && account['accountId'] !== undefined;
    const isIdentified = entry['sitesReadAtMs'] !== 0 || isNamed;
    return { lostSites: [], isIdentified, ...entry };
  });

/**
 * Version 3: clients and sites of other systems than Atlassian Cloud. Nothing that was there changes; an older
 * Threelo would put the new ones aside as damaged, so it must not read them.
 */
const toVersion3: Migration = (store) => store;

/**
 * Version 4: secrets are sealed for where they may go (`k: 2`). They are sealed anew when the key is at hand, at the
 * start; an older Threelo would put them aside as damaged, so it must not read them.
 */
const toVersion4: Migration = (store) => store;

/** Step n leads from version n+1 to n+2. Each is safe to run again over its own result. */
export const migrations: readonly Migration[] = [toVersion2, toVersion3, toVersion4];

/**
 * The store in today's version; the same object when nothing had to change. An empty store is new.
 * @throws BrokerError `storage_newer` when a newer Threelo wrote it, `storage_damaged` when its version cannot be read
 */
export function migrate(store: RawStore, steps: readonly Migration[] = migrations): RawStore {
  const target = steps === migrations ? schemaVersion : steps.length + 1;
  const version = storedVersion(store) ?? target;
  if (version > target) throw new BrokerError('storage_newer');
  if (version === target && keys.schema in store) return store;
  const migrated = steps.slice(version - 1).reduce((raw, step) => step(raw), store);
  return { ...migrated, [keys.schema]: { version: target } };
}

/** Whether a store says of which version it is. */
export function hasVersion(store: RawStore): boolean {
  return versionIn(store) !== undefined;
}

function storedVersion(store: RawStore): number | undefined {
  if (!(keys.schema in store)) {
    // Entities without a version cannot be ours: versions exist from the first day.
    return undefined;
  }
  const version = versionIn(store);
  if (version === undefined) throw new BrokerError('storage_damaged', { subject: keys.schema });
  return version;
}

function versionIn(store: RawStore): number | undefined {
  const schema = store[keys.schema];
  const version = isObject(schema) ? schema['version'] : undefined;
  const isVersion = typeof version === 'number' && Number.isInteger(version) && version >= 1;
  return isVersion ? version : undefined;
}

/** Changes the entries that are objects; what is damaged stays as it is, to be told as such. */
function mapEntries(store: RawStore, change: (key: string, entry: RawStore) => RawStore): RawStore {
  const entries = Object.entries(store).map(([key, value]): [string, unknown] => [
    key,
    isObject(value) ? change(key, value) : value,
  ]);
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
