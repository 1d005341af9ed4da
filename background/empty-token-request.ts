import { profileOf } from '../extension/core/provider-profile.ts';
import type { StoredClient } from '../extension/storage/schema.ts';

/**
 * A token request that asks for nothing and has no credentials: every token endpoint refuses it. It is encoded as a
 * refresh is, for a provider may answer the other encoding with a fault of its own.
 */
export function emptyTokenRequest({ type }: Pick<StoredClient, 'type'>): RequestInit {
  const isJson = profileOf(type).tokenRequestFormat === 'json';
  return {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
    },
    body: isJson ? '{}' : '',
  };
}
