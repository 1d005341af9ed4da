import {
  checkedPart,
  fileOf,
  headerOf,
  ivBytes,
  maxBodyBytes,
  readExportFile,
  rounds,
  saltBytes,
  type ExportParameters,
} from '#core/transfer/export-file.ts';
import { normalisePassphrase } from '#core/transfer/passphrase.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const tagBytes = 16;

/** Encrypts a text under a passphrase, as docs/export-file.md describes it. @throws BrokerError `export_too_large` */
export async function sealExport(
  contents: Secret,
  passphrase: Secret,
  crypto: Crypto,
): Promise<Bytes> {
  const plain = new TextEncoder().encode(reveal(contents));
  const parameters = {
    rounds: rounds.written,
    salt: crypto.getRandomValues(new Uint8Array(saltBytes)),
    iv: crypto.getRandomValues(new Uint8Array(ivBytes)),
    bodyLength: plain.length + tagBytes,
  };
  if (parameters.bodyLength > maxBodyBytes) throw new BrokerError('export_too_large');
  const keys = await deriveKeys(passphrase, parameters, crypto);
  const checked = checkedPart(parameters);
  const header = headerOf(checked, await keyCheckOf(keys, checked, crypto));
  const algorithm = { name: 'AES-GCM', iv: parameters.iv, additionalData: header };
  const body = await crypto.subtle.encrypt(algorithm, keys.encryption, plain);
  plain.fill(0);
  return fileOf(header, new Uint8Array(body));
}

/**
 * Decrypts an export.
 * @throws BrokerError the faults of {@link readExportFile}; `passphrase_wrong`; `file_damaged` for a file that was changed by
 * somebody who made its checksums fit
 */
export async function openExport(file: Bytes, passphrase: Secret, crypto: Crypto): Promise<Secret> {
  const { checked, keyCheck, header, body, ...parameters } = readExportFile(file);
  const keys = await deriveKeys(passphrase, parameters, crypto);
  if (!(await crypto.subtle.verify('HMAC', keys.check, keyCheck, checked)))
    throw new BrokerError('passphrase_wrong');
  const algorithm = { name: 'AES-GCM', iv: parameters.iv, additionalData: header };
  try {
    const plain = await crypto.subtle.decrypt(algorithm, keys.encryption, body);
    return secret(new TextDecoder('utf-8', { fatal: true }).decode(plain));
  } catch (thrown) {
    throw new BrokerError('file_damaged', {}, { cause: thrown });
  }
}

interface Keys {
  readonly encryption: CryptoKey;
  readonly check: CryptoKey;
}

/**
 * Both keys are derived from one output of PBKDF2: one that tells whether a passphrase is right costs as many rounds as one
 * that decrypts.
 */
async function deriveKeys(
  passphrase: Secret,
  { rounds: iterations, salt }: Pick<ExportParameters, 'rounds' | 'salt'>,
  { subtle }: Crypto,
): Promise<Keys> {
  const typed = new TextEncoder().encode(normalisePassphrase(reveal(passphrase)));
  const base = await subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits']);
  const stretched = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  const bits = await subtle.deriveBits(stretched, base, 256);
  const main = await subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
  const derived = (use: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(0),
    info: new TextEncoder().encode(`threelo export 1 ${use}`),
  });
  const gcm = { name: 'AES-GCM', length: 256 };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return {
    encryption: await subtle.deriveKey(derived('encryption'), main, gcm, false, [
      'encrypt',
      'decrypt',
    ]),
    check: await subtle.deriveKey(derived('key check'), main, hmac, false, ['sign', 'verify']),
  };
}

async function keyCheckOf({ check }: Keys, checked: Bytes, { subtle }: Crypto): Promise<Bytes> {
  return new Uint8Array(await subtle.sign('HMAC', check, checked));
}
