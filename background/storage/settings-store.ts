import type { StorageArea } from '#browser/storage/storage-area.ts';
import { BrokerError } from '#core/values/fault.ts';
import {
  changedSettings,
  defaultSettings,
  readSettings,
  settingsProblems,
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
}

export function createSettings({ area, raw }: Dependencies): SettingsStore {
  const read = readSettings(keys.settings in raw ? raw[keys.settings] : {});
  let current = read.settings;
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
    const before = current;
    current = next;
    damaged = [];
    for (const listener of listeners) listener(current, before);
  }

  /** @throws BrokerError `invalid_settings` with the fields */
  function changed(changes: SettingsDraft): Settings {
    const fields = settingsProblems(changes);
    if (fields.length > 0) throw new BrokerError('invalid_settings', { fields });
    return readSettings({ ...current, ...changes }).settings;
  }

  return {
    current: () => current,
    update: (changes) => enqueue(async () => store(changed(changes))),
    updateInSameWrite: (changes, write) =>
      enqueue(async () => {
        const next = changed(changes);
        const stored = changedSettings(current);
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
        if (damaged.length > 0) await store(current);
      }),
    reset: () => enqueue(() => store(defaultSettings)),
    onChanged: (listener) => void listeners.push(listener),
    damaged: () => damaged,
  };
}
