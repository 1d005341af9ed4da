import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { derTag, writeDer } from './der.ts';
import { pkcs8PemOf, readPrivateKeyPem } from './pem.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const pair = rsa(2048);
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki' | 'sec1', more = {}): string =>
  key.export({ type, format: 'pem', ...more } as never) as unknown as string;
const pkcs8 = pem(pair.privateKey, 'pkcs8');
const pkcs1 = pem(pair.privateKey, 'pkcs1');
const passphrase = { cipher: 'aes-256-cbc', passphrase: 'x' };
const inPem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----`;
const pkcs8Bytes = pair.privateKey.export({ type: 'pkcs8', format: 'der' });

/** Valid DER whose numbers are not an RSA key, which only an import can detect. */
function pkcs1OfBits(bits: number): string {
  const modulus = new Uint8Array(Math.ceil(bits / 8) + 1).fill(0x5a);
  modulus[0] = 0;
  modulus[1] = 1 << ((bits - 1) % 8);
  const small = writeDer(derTag.integer, Uint8Array.of(0));
  const numbers = [
    small,
    writeDer(derTag.integer, modulus),
    ...Array.from({ length: 7 }, () => small),
  ];
  return inPem('RSA PRIVATE KEY', writeDer(derTag.sequence, ...numbers));
}
const certificate = inPem('CERTIFICATE', Uint8Array.of(0x30, 0));
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ecParameters = inPem('EC PARAMETERS', Uint8Array.of(6, 1, 0));
const encryptedPkcs1 = pem(pair.privateKey, 'pkcs1', passphrase);

describe('a private key', () => {
  test.each([
    ['PKCS#8', pkcs8],
    ['PKCS#1', pkcs1],
    ['PKCS#8 with other line ends', pkcs8.replaceAll('\n', '\r\n')],
    ['PKCS#8 in one line', inPem('PRIVATE KEY', pkcs8Bytes)],
    ['PKCS#8 with line ends written as \\n', pkcs8.replaceAll('\n', '\\n')],
    ['PKCS#1 with line ends written as \\r\\n', pkcs1.replaceAll('\n', '\\r\\n')],
    ['a JSON string', JSON.stringify({ key: pkcs8 }).replaceAll('/', '\\/')],
    ['JSON in a JSON string', JSON.stringify(JSON.stringify({ key: pkcs8 }))],
    [
      'JSON in a JSON string with escaped slashes',
      JSON.stringify(JSON.stringify({ key: pkcs8 }).replaceAll('/', '\\/')),
    ],
    ['an indented text', pkcs8.replaceAll(/^/gmu, '\t    ')],
    ['a file with a byte order mark', `\uFEFF${pkcs1}`],
    ['PKCS#8 in a line with spaces', pkcs8.replaceAll('\n', ' ')],
    ['a key beside its certificates', `${certificate}${pkcs1}${certificate}`],
    ['a key beside its public key', `${pkcs8}${pem(pair.publicKey, 'spki')}`],
    ['a key beside an EC key', `${ecParameters}${pem(ec, 'sec1')}${pkcs8}`],
    ['a key beside a certificate without its end', `${pkcs8}${certificate.slice(0, 40)}`],
    ['PKCS#8 after words', `Bag Attributes\n  friendlyName: jira\n${pkcs8}\nend`],
  ])('is read from %s', (_, text) => {
    const read = readPrivateKeyPem(text);
    if ('problem' in read) throw new Error(read.problem);
    const { key } = read;
    expect(Buffer.from(key.pkcs8).equals(pkcs8Bytes)).toBe(true);
    const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
    expect(Buffer.from(key.spki).equals(spki)).toBe(true);
    expect(key.modulusBits).toBe(2048);
  });
  test.each([1024, 1025, 2047, 4096])('has %i bits', (bits) => {
    expect(readPrivateKeyPem(pkcs1OfBits(bits))).toMatchObject({ key: { modulusBits: bits } });
  });

  const lines = pkcs8.split('\n');
  const flipped = Uint8Array.from(pkcs8Bytes);
  flipped[4] = 0x04;
  test.each([
    ['nothing', '', 'not_pem'],
    ['words', 'my key', 'not_pem'],
    ['base64 alone', pkcs8Bytes.toString('base64'), 'not_pem'],
    ['another PEM', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----', 'not_pem'],
    [
      'a label of the prototype',
      '-----BEGIN CONSTRUCTOR-----\nAAAA\n-----END CONSTRUCTOR-----',
      'not_pem',
    ],
    ['two keys', `${pkcs8}${pkcs1}`, 'several_blocks'],
    ['encrypted PKCS#8', pem(pair.privateKey, 'pkcs8', passphrase), 'encrypted'],
    ['encrypted PKCS#1', encryptedPkcs1, 'encrypted'],
    ['encrypted PKCS#1 in one line', encryptedPkcs1.replaceAll('\n', '\\n'), 'encrypted'],
    ['encrypted PKCS#1, indented', encryptedPkcs1.replaceAll(/^/gmu, '  '), 'encrypted'],
    ['encrypted PKCS#1 with spaces', encryptedPkcs1.replaceAll('\n', ' '), 'encrypted'],
    ['an encrypted key beside its certificate', `${certificate}${encryptedPkcs1}`, 'encrypted'],
    ['an encrypted key beside another', `${encryptedPkcs1}${pkcs8}`, 'several_blocks'],
    ['half of a key beside another', `${pkcs1.slice(0, 200)}\n${pkcs8}`, 'several_blocks'],
    ['a public key', pem(pair.publicKey, 'spki'), 'public_key'],
    ['an RSA public key', pem(pair.publicKey, 'pkcs1'), 'public_key'],
    ['a certificate', certificate, 'certificate'],
    ['certificates', certificate.repeat(3), 'certificate'],
    ['a request for one', inPem('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)), 'certificate'],
    ['an EC key', pem(ec, 'sec1'), 'ec_key'],
    ['an EC key with its parameters', `${ecParameters}\n${pem(ec, 'sec1')}`, 'ec_key'],
    ['an EC key after its certificate', `${certificate}\n${pem(ec, 'pkcs8')}`, 'ec_key'],
    ['an EC key in PKCS#8', pem(ec, 'pkcs8'), 'ec_key'],
    ['an Ed25519 key', pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8'), 'ec_key'],
    ['a DSA key', inPem('DSA PRIVATE KEY', Uint8Array.of(0x30, 0)), 'not_rsa'],
    [
      'an RSA-PSS key',
      pem(generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey, 'pkcs8'),
      'not_rsa',
    ],
    ['an OpenSSH key', inPem('OPENSSH PRIVATE KEY', Uint8Array.of(1)), 'not_rsa'],
    ['no end', lines.slice(0, -3).join('\n'), 'truncated'],
    ['half of the lines', [...lines.slice(0, 9), ...lines.slice(-2)].join('\n'), 'truncated'],
    ['a cut line', pkcs8.replace(/.{3}\n-----END/u, '\n-----END'), 'truncated'],
    ['an empty block', inPem('PRIVATE KEY', new Uint8Array()), 'truncated'],
    ['strange characters', pkcs8.replace('MII', 'M*I'), 'damaged'],
    ['no key inside', inPem('PRIVATE KEY', Uint8Array.of(0x30, 3, 2, 1, 0)), 'damaged'],
    ['a changed byte', inPem('PRIVATE KEY', flipped), 'damaged'],
    [
      'bytes after it',
      inPem('PRIVATE KEY', Buffer.concat([pkcs8Bytes, Buffer.from([5, 0])])),
      'damaged',
    ],
    ['PKCS#8 called PKCS#1', pkcs8.replaceAll('PRIVATE', 'RSA PRIVATE'), 'damaged'],
    ['PKCS#1 called PKCS#8', pkcs1.replaceAll('RSA PRIVATE', 'PRIVATE'), 'damaged'],
    ['an indefinite length', inPem('PRIVATE KEY', Uint8Array.of(0x30, 0x80, 0, 0)), 'damaged'],
    ['a length that is too long', inPem('PRIVATE KEY', Uint8Array.of(0x30, 0x81, 1, 0)), 'damaged'],
    ['512 bits', pkcs1OfBits(512), 'too_small'],
    ['1023 bits', pkcs1OfBits(1023), 'too_small'],
  ])('is rejected: %s', (_, text, problem) => {
    expect(readPrivateKeyPem(text)).toEqual({ problem });
  });
});

test('a longer text than any key is not searched', () => {
  const text = `${pkcs8}${' '.repeat(65_536)}`;
  expect(readPrivateKeyPem(text)).toEqual({ problem: 'damaged' });
  expect(readPrivateKeyPem(text.slice(0, 65_536))).toHaveProperty('key');
});

test('a key is written as PKCS#8 in PEM', () => {
  expect(pkcs8PemOf(`words ${pkcs1}`)).toEqual({ pem: pkcs8 });
  expect(pkcs8PemOf(certificate)).toEqual({ problem: 'certificate' });
});
