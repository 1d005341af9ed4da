/** Encodes DER as PEM, e.g. a SubjectPublicKeyInfo as `PUBLIC KEY`, which an application link needs. @see RFC 7468 */
export function encodePem(label: string, der: Uint8Array): string {
  const binary = Array.from(der, (byte) => String.fromCharCode(byte)).join('');
  const lines = btoa(binary).match(/.{1,64}/gu) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
