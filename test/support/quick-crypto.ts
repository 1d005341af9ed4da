/** The platform's cryptography, with one round of PBKDF2 instead of all that are asked for: 600,000 take half a second. */
export function quickCrypto(): Crypto {
  const deriveBits = (algorithm: Pbkdf2Params, key: CryptoKey, length: number) =>
    crypto.subtle.deriveBits(
      { ...algorithm, ...(algorithm.name === 'PBKDF2' ? { iterations: 1 } : {}) },
      key,
      length,
    );
  return cryptoWith({ deriveBits });
}

/** The platform's cryptography with other methods of `crypto.subtle`. */
export function cryptoWith(methods: Readonly<Record<string, unknown>>): Crypto {
  const subtle = new Proxy(crypto.subtle, {
    get: (target, name) => {
      if (typeof name === 'string' && name in methods) return methods[name];
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  return {
    subtle,
    getRandomValues: (array) => crypto.getRandomValues(array),
    randomUUID: () => crypto.randomUUID(),
  };
}
