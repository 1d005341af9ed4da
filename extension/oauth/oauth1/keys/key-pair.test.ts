import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateConsumerKeyPair, importConsumerKeyPair } from './key-pair.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const pair = rsa(2048);
const pkcs8 = pem(pair.privateKey);
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
/** A key with the modulus of another one. */
const mixed = pem(
  createPrivateKey({
    format: 'jwk',
    key: {
      ...pair.privateKey.export({ format: 'jwk' }),
      n: rsa(2048).publicKey.export({ format: 'jwk' }).n!,
    },
  }),
);

describe('the keys of a consumer', () => {
  test('are generated with a private key that is not extractable', async () => {
    const { privateKey, publicKeyPem } = await generateConsumerKeyPair(crypto.subtle);
    expect(privateKey).toMatchObject({ extractable: false, usages: ['sign'] });
    const publicKey = createPublicKey(publicKeyPem);
    expect(publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(publicKey.export({ type: 'spki', format: 'pem' })).toBe(publicKeyPem);
  });
  test.each([
    ['PKCS#8', pkcs8],
    ['PKCS#8 in one line', pkcs8.replaceAll('\n', ' ')],
    ['a short key', pem(rsa(1024).privateKey)],
  ])('are imported from %s, with the public key', async (_, text) => {
    const imported = await importConsumerKeyPair(crypto.subtle, text);
    if ('problem' in imported) throw new Error(imported.problem);
    expect(imported.pair.privateKey).toMatchObject({ extractable: false, usages: ['sign'] });
    const publicKey = createPublicKey(
      createPrivateKey(text.replaceAll(/ (?=-----E)|(?<=Y-----) |(?<=[^-]{64}) /gu, '\n')),
    );
    expect(imported.pair.publicKeyPem).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
  });
  test.each([
    ['imported', pkcs8],
    ['rejected', pem(ec)],
  ])('are overwritten in memory after they were %s', async (_, text) => {
    const given: Uint8Array[] = [];
    const { subtle } = crypto;
    const watched = new Proxy(subtle, {
      get: (target, name: keyof SubtleCrypto) =>
        name === 'importKey'
          ? (...parameters: Parameters<typeof subtle.importKey>) => {
              if (parameters[0] === 'pkcs8') given.push(parameters[1] as Uint8Array);
              return subtle.importKey(...parameters);
            }
          : target[name].bind(target),
    });
    await importConsumerKeyPair(watched, text);
    expect(given.length).toBeGreaterThan(0);
    expect(given.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
  test.each([
    ['words', 'x', 'not_pem'],
    ['PKCS#1', pair.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string, 'not_pem'],
    ['text around the key', `key: ${pkcs8}`, 'not_pem'],
    ['two keys', pkcs8 + pkcs8, 'not_pem'],
    ['what is not base64', pkcs8.replace('MII', 'M_I'), 'damaged'],
    ['an EC key', pem(ec), 'damaged'],
    ['half of a key', pkcs8.replace(/(?:.{64}\n){9}/u, ''), 'damaged'],
    ['a key whose numbers do not belong together', mixed, 'damaged'],
    ['a key of 1016 bits', pem(rsa(1016).privateKey), 'too_small'],
  ])('are rejected with the problem: %s', async (_, text, problem) => {
    expect(await importConsumerKeyPair(crypto.subtle, text)).toEqual({ problem });
  });
});
