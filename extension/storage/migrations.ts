import { BrokerError } from '#core/values/fault.ts';
import { keys, schemaVersion } from './schema.ts';

/** All entries of `storage.local`, not parsed. */
export type RawStore = Readonly<Record<string, unknown>>;
/** Converts a store from one version to the next. A pure function over raw objects. */
export type Migration = (store: RawStore) => RawStore;

/** Version 2 adds `removedScopes` to clients, and `lostSites` and `isIdentified` to sessions. */
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
 * Version 3 allows clients and sites of other systems than Atlassian Cloud. Existing entries do not change. Older versions of
 * Threelo must not read the store: they would quarantine the new entries as damaged.
 */
const toVersion3: Migration = (store) => store;

/**
 * Version 4 binds encrypted secrets to where they may be sent (`k: 2`). They are encrypted again at the next start, when the
 * key is available. Older versions of Threelo must not read the store: they would quarantine the new entries as damaged.
 */
const toVersion4: Migration = (store) => store;

/**
 * Version 5 binds the tokens of sessions to their account (`k: 3`), and the sites of page grants. They are encrypted again at the
 * next start, when the key is available. Older versions of Threelo must not read the store: they would quarantine the new
 * entries as damaged.
 */
const toVersion5: Migration = (store) => store;

/**
 * Version 6 allows grants of several accounts on one site, of some paths, and of one browser session. Existing entries do not
 * change. Older versions of Threelo must not read the store: they would ignore the paths and the end of a grant, and allow more.
 */
const toVersion6: Migration = (store) => store;

/** The members of a session that version 7 stores under another key. */
const membersOfSites: readonly string[] = [
  'sites',
  'sitesReadAtMs',
  'unreadableSites',
  'lostSites',
];

/** Version 7 stores the sites of a session under a key of their own, so that a refresh does not write them. */
const toVersion7: Migration = (store) => {
  const sites = Object.entries(store).flatMap(([key, entry]): [string, unknown][] => {
    if (!key.startsWith('session:') || !isObject(entry) || !('sites' in entry)) return [];
    const members = Object.entries(entry).filter(([name]) => membersOfSites.includes(name));
    return [
      [
        `sites:${key.slice('session:'.length)}`,
        Object.fromEntries([['id', entry['id']], ...members]),
      ],
    ];
  });
  const rest = mapEntries(store, (key, entry) => {
    if (!key.startsWith('session:')) return entry;
    return Object.fromEntries(
      Object.entries(entry).filter(([name]) => !membersOfSites.includes(name)),
    );
  });
  return { ...rest, ...Object.fromEntries(sites) };
};

/** The migrations in order: the first converts version 1 to 2. Each can run again on its own result. */
export const migrations: readonly Migration[] = [
  toVersion2,
  toVersion3,
  toVersion4,
  toVersion5,
  toVersion6,
  toVersion7,
];

/**
 * The store in the current version; the same object when it has that version. An empty store is new.
 * @throws BrokerError `storage_newer` when a newer version of Threelo wrote it, `storage_damaged` when its version is not valid
 */
export function migrate(store: RawStore, steps: readonly Migration[] = migrations): RawStore {
  const target = steps === migrations ? schemaVersion : steps.length + 1;
  const version = storedVersion(store) ?? target;
  if (version > target) throw new BrokerError('storage_newer');
  if (version === target && keys.schema in store) return store;
  const migrated = steps.slice(version - 1).reduce((raw, step) => step(raw), store);
  return { ...migrated, [keys.schema]: { version: target } };
}

/** Whether a store has a valid version. */
export function hasVersion(store: RawStore): boolean {
  return versionIn(store) !== undefined;
}

/** Whether a store has the version of a newer Threelo. */
export function isNewer(store: RawStore): boolean {
  return (versionIn(store) ?? 0) > schemaVersion;
}

function storedVersion(store: RawStore): number | undefined {
  // Every release has written a version.
  if (!(keys.schema in store)) return undefined;
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

/** Changes the entries that are objects. Damaged entries stay unchanged, and are reported when they are parsed. */
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
