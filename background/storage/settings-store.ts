import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import {
  changedSettings,
  defaultSettings,
  readSettings,
  settingsProblems,
  type Settings,
  type SettingsDraft,
} from '../../extension/core/values/settings.ts';
import type { RawStore } from '../../extension/storage/migrations.ts';
import { keys, type DamagedEntry } from '../../extension/storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';

/** How the sessions are kept, as the person set it. A change is stored before it is believed. */
export interface SettingsStore {
  /** As they are now. To be asked at each use: they change while the worker lives. */
  current(): Settings;
  /** Changes what is named and leaves the rest; all or nothing. `invalid_settings` with the fields */
  update(changes: SettingsDraft): Promise<Settings>;
  /** Goes back to the defaults. */
  reset(): Promise<Settings>;
  /** Calls back after a change was stored. */
  onChanged(listener: (after: Settings, before: Settings) => void): void;
  /** The entry, if members of it could not be read. They stay where they are until the next change. */
  damaged(): readonly DamagedEntry[];
}

interface Dependencies {
  readonly area: Pick<StorageArea, 'write' | 'remove'>;
  /** What was read at start. A content script may have written it: nothing beyond the bounds is believed. */
  readonly raw: RawStore;
}

/** See {@link SettingsStore}. */
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
    const before = current;
    current = next;
    damaged = [];
    for (const listener of listeners) listener(current, before);
    return current;
  }

  return {
    current: () => current,
    update: (changes) =>
      enqueue(() => {
        const fields = settingsProblems(changes);
        if (fields.length > 0) throw new BrokerError('invalid_settings', { fields });
        return store(readSettings({ ...current, ...changes }).settings);
      }),
    reset: () => enqueue(() => store(defaultSettings)),
    onChanged: (listener) => void listeners.push(listener),
    damaged: () => damaged,
  };
}
