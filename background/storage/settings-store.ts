import type { StorageArea } from '#browser/storage/storage-area.ts';
import { BrokerError, type FieldProblem } from '#core/values/fault.ts';
import {
  changedSettings,
  defaultSettings,
  readSettings,
  settingNames,
  settingsProblems,
  type SettingName,
  type Settings,
  type SettingsDraft,
} from '#core/values/settings.ts';
import type { RawStore } from '#storage/migrations.ts';
import { keys, type DamagedEntry } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { BatchedChanges } from './repository.ts';

/** The user's settings for sessions. A change takes effect after it is stored. */
export interface SettingsStore {
  /** The settings now. Read them at each use: they change while the worker runs. */
  current(): Settings;
  /** Those that the organization's policy sets: nobody can change them. */
  managed(): readonly SettingName[];
  /** Applies what the organization's policy sets now. What the person chose stays stored. */
  policyChanged(): void;
  /** Changes the given settings, all or none. @throws BrokerError `invalid_settings` with the fields, `storage_failed` */
  update(changes: SettingsDraft): Promise<Settings>;
  /**
   * Changes settings in the write of another service. No other change happens meanwhile.
   * @throws BrokerError `invalid_settings` with the fields
   */
  updateInSameWrite(
    changes: SettingsDraft,
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Restores the defaults. @throws BrokerError `storage_failed` */
  reset(): Promise<Settings>;
  /** Deletes the members that are not valid. Their defaults are in effect already. @throws BrokerError `storage_failed` */
  forgetDamaged(): Promise<void>;
  /** Calls back after a change was stored. */
  onChanged(listener: (after: Settings, before: Settings) => void): void;
  /** The stored entry, if some of its members are not valid. They stay stored until the next change. */
  damaged(): readonly DamagedEntry[];
}

interface Dependencies {
  readonly area: Pick<StorageArea, 'write' | 'remove'>;
  /** The store as it was read at start. In Firefox a content script may have written it: values out of bounds are ignored. */
  readonly raw: RawStore;
  /** What the organization's policy sets. */
  readonly forced: () => Readonly<Partial<Settings>>;
}

export function createSettings({ area, raw, forced }: Dependencies): SettingsStore {
  const read = readSettings(keys.settings in raw ? raw[keys.settings] : {});
  /** What the person chose. */
  let own = read.settings;
  let current: Settings = { ...own, ...forced() };
  let damaged = read.problems.length > 0 ? [{ key: keys.settings, problems: read.problems }] : [];
  const enqueue = serialQueue();
  const listeners: ((after: Settings, before: Settings) => void)[] = [];

  async function store(next: Settings): Promise<Settings> {
    const entry = changedSettings(next);
    const isDefault = Object.keys(entry).length === 0;
    try {
      await (isDefault ? area.remove([keys.settings]) : area.write({ [keys.settings]: entry }));
    } catch (thrown) {
      throw new BrokerError('storage_failed', {}, { cause: thrown });
    }
    commitToMemory(next);
    return current;
  }

  function commitToMemory(next: Settings): void {
    own = next;
    damaged = [];
    announce();
  }

  /** @throws BrokerError `invalid_settings` with the fields */
  function changed(changes: SettingsDraft): Settings {
    const fields = settingsProblems(changes);
    if (fields.length > 0) throw new BrokerError('invalid_settings', { fields });
    return readSettings({ ...own, ...ownChanges(changes, forced()) }).settings;
  }
  const announce = (): void => {
    const before = current;
    current = { ...own, ...forced() };
    for (const listener of listeners) listener(current, before);
  };

  return {
    current: () => current,
    managed: () => settingNames.filter((name) => name in forced()),
    policyChanged: announce,
    update: (changes) =>
      enqueue(async () => {
        const fields = managedProblems(changes, forced());
        if (fields.length > 0) throw new BrokerError('invalid_settings', { fields });
        return store(changed(changes));
      }),
    // What the policy sets is not imported.
    updateInSameWrite: (changes, write) =>
      enqueue(async () => {
        if (Object.keys(changes).length === 0) return write(noChanges);
        const next = changed(changes);
        const stored = changedSettings(own);
        await write({
          entries: { [keys.settings]: changedSettings(next) },
          before: { [keys.settings]: Object.keys(stored).length === 0 ? undefined : stored },
          commitToMemory: () => {
            commitToMemory(next);
          },
        });
      }),
    forgetDamaged: () =>
      enqueue(async () => {
        if (damaged.length > 0) await store(own);
      }),
    reset: () => enqueue(() => store(defaultSettings)),
    onChanged: (listener) => void listeners.push(listener),
    damaged: () => damaged,
  };
}

const noChanges: BatchedChanges = { entries: {}, commitToMemory: () => undefined };

/** The changes to settings that the organization's policy sets to another value. */
function managedProblems(
  changes: SettingsDraft,
  forced: Readonly<Partial<Settings>>,
): FieldProblem[] {
  return settingNames
    .filter((name) => name in forced && name in changes && changes[name] !== forced[name])
    .map((field) => ({ field, problem: 'managed' }));
}

/** A form sends the values that the policy sets, too: they are not what the person chose. */
function ownChanges(changes: SettingsDraft, forced: Readonly<Partial<Settings>>): SettingsDraft {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => !(name in forced)));
}
