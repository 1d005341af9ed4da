import type { Incoming } from './incoming.ts';

/** HTTP Basic credentials with the form-decoding of RFC 6749 §2.3.1; undefined when there are none. */
export function readBasic(incoming: Incoming): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(incoming.headers['authorization'] ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [user = '', password = ''] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s);
  return { user: formDecoded(user), password: formDecoded(password) };
}

function formDecoded(value: string): string {
  return new URLSearchParams(`v=${value.replaceAll('&', '%26')}`).get('v') ?? '';
}
