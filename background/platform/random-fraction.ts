/** A number of at least 0 and less than 1, to spread what would else happen at the same moment. */
export function chance(crypto: Pick<Crypto, 'getRandomValues'>): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}
