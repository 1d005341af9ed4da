/** A number from 0 to 1, to spread what would else happen at the same moment. */
export function chance(crypto: Pick<Crypto, 'getRandomValues'>): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 0xffff_ffff;
}
