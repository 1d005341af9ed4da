/** A random number, at least 0 and less than 1. Spreads work that would otherwise start at the same moment. */
export function randomFraction(crypto: Pick<Crypto, 'getRandomValues'>): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}
