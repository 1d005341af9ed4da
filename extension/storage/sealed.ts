import * as v from 'valibot';

/** A secret as it is written: AES-256-GCM under the key that IndexedDB holds. */
export interface Sealed {
  /** Format version: 2 is bound to where the secret may go as well, 1 to its place in the store alone. */
  readonly k: 1 | 2;
  /** Initialisation vector, 12 bytes as base64url. */
  readonly iv: string;
  /** Ciphertext with its tag, base64url. */
  readonly ct: string;
}

const base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/u));

/** Reads a {@link Sealed}. */
export const SealedSchema: v.GenericSchema<unknown, Sealed> = v.object({
  k: v.picklist([1, 2]),
  iv: base64url,
  ct: base64url,
});
