import { createCipheriv, createHash } from 'node:crypto';

/** Bytes that look random and follow from a seed alone. */
export function seededBytes(length: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}
