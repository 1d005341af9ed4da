import { signal } from '@preact/signals';

/** The secrets that a person typed for clients whose file has none, by what identifies each in its preview. */
export interface TypedSecrets<Key> {
  /** What is typed for a client; empty when nothing is. */
  readonly of: (key: Key) => string;
  readonly type: (key: Key, typed: string) => void;
  /** Those of the given clients that are not left empty. */
  readonly filled: (keys: Iterable<Key>) => readonly (readonly [key: Key, clientSecret: string])[];
  readonly forget: () => void;
}

/** Kept nowhere else. */
export function createTypedSecrets<Key>(): TypedSecrets<Key> {
  const secrets = signal<ReadonlyMap<Key, string>>(new Map());
  const of = (key: Key): string => secrets.value.get(key) ?? '';
  return {
    of,
    type: (key, typed) => {
      secrets.value = new Map([...secrets.value, [key, typed]]);
    },
    filled: (keys) =>
      [...keys]
        .map((key) => [key, of(key).trim()] as const)
        .filter(([, clientSecret]) => clientSecret !== ''),
    forget: () => {
      secrets.value = new Map();
    },
  };
}
