import '../facts/reflect-metadata.ts';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What the TLS server needs, and what clients need to trust it. */
export interface Certificates {
  readonly caPem: string;
  readonly leafPem: string;
  readonly leafKeyPem: string;
  /** Base64 SHA-256 of the leaf's SubjectPublicKeyInfo (Chromium's --ignore-certificate-errors-spki-list). */
  readonly spkiSha256Base64: string;
}

/** Makes a throw-away authority and one leaf certificate that carries every name in its SAN list. */
export async function makeCertificates(dnsNames: readonly string[]): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const validity = {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
  };
  const caKeys = await newKeyPair();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=Threelo test authority',
    keys: caKeys,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
    ],
  });
  const leafKeys = await newKeyPair();
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: webcrypto.randomUUID().replaceAll('-', '').replace(/^./, '4'),
    subject: 'CN=Threelo stand-in',
    issuer: ca.subject,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        dnsNames.map((value) => ({ type: 'dns' as const, value })),
      ),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey);
  const spki = await webcrypto.subtle.exportKey('spki', leafKeys.publicKey);
  return {
    caPem: ca.toString('pem'),
    leafPem: leaf.toString('pem'),
    leafKeyPem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    spkiSha256Base64: createHash('sha256').update(new Uint8Array(spki)).digest('base64'),
  };
}

async function newKeyPair(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(SIGNING, true, [
    'sign',
    'verify',
  ])) as unknown as CryptoKeyPair;
}
