const values = new WeakMap<Secret, string>();

/**
 * A token, client secret or verifier. Printing, serialising or cloning it does not show the text;
 * only {@link reveal} returns it, so that a search for that word finds every use.
 */
export interface Secret {
  toString(): string;
  toJSON(): string;
}

const redacted = '[secret]';

/** Wraps a text so that it cannot be logged or serialised by accident. */
export function secret(text: string): Secret {
  const wrapped: Secret = Object.freeze({ toString: () => redacted, toJSON: () => redacted });
  values.set(wrapped, text);
  return wrapped;
}

/**
 * The text of a secret. Call it only where the text is sent or encrypted.
 * @throws TypeError for an object that `secret()` did not create
 */
export function reveal(wrapped: Secret): string {
  const text = values.get(wrapped);
  if (text === undefined) throw new TypeError('not a secret made by secret()');
  return text;
}

/** Whether both have the same text. */
export function isSameSecret(one: Secret, other: Secret): boolean {
  return reveal(one) === reveal(other);
}
