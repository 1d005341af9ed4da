import * as v from 'valibot';

/** An encrypted secret: AES-256-GCM with the key that is stored in IndexedDB. */
export interface Sealed {
  /** Format version: 1 is bound to its place in the store, 2 also to where the secret may be sent, 3 also to whose it is. */
  readonly k: 1 | 2 | 3;
  /** Initialisation vector, 12 bytes as base64url. */
  readonly iv: string;
  /** Ciphertext with its tag, base64url. */
  readonly ct: string;
}

const base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/u));

/** Parses a {@link Sealed}. */
export const SealedSchema: v.GenericSchema<unknown, Sealed> = v.object({
  k: v.picklist([1, 2, 3]),
  iv: base64url,
  ct: base64url,
});
