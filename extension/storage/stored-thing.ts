import type { StoredThing } from '#core/values/fault.ts';
import { keys, prefixes } from './schema.ts';

/** The longest name of a damaged entry that is shown, in characters. */
const longestName = 200;

/**
 * What an entry is, for a person; its value may be damaged.
 * @param entries - the entries of the store, for the session that a list of sites belongs to
 */
export function storedThing(
  key: string,
  value: unknown,
  entries: ReadonlyMap<string, unknown>,
): StoredThing {
  if (key === keys.settings) return { kind: 'settings' };
  if (key.startsWith(prefixes.grant))
    return { kind: 'connection', name: key.slice(prefixes.grant.length) };
  if (key.startsWith(prefixes.client)) return { kind: 'client', ...named(member(value, 'name')) };
  if (key.startsWith(prefixes.session)) return { kind: 'session', ...accountOf(value) };
  if (!key.startsWith(prefixes.sites)) return { kind: 'entry' };
  const session = `${prefixes.session}${key.slice(prefixes.sites.length)}`;
  return { kind: 'sites', ...accountOf(entries.get(session)) };
}

function accountOf(session: unknown): Pick<StoredThing, 'name'> {
  const account = member(session, 'account');
  return named(member(account, 'name') ?? member(account, 'email'));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function named(name: unknown): Pick<StoredThing, 'name'> {
  return typeof name === 'string' && name.trim() !== '' ? { name: name.slice(0, longestName) } : {};
}
