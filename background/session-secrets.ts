import { BrokerError } from '../extension/core/fault.ts';
import type { Secret } from '../extension/core/secret.ts';
import type { SessionId } from '../extension/core/session.ts';
import type { Sealed } from '../extension/storage/sealed.ts';
import type { StoredSession } from '../extension/storage/schema.ts';
import type { Binding, Vault } from './vault.ts';

/** What a session keeps on disk: a refresh token, or the access token when it has none. */
export type KeptToken = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/** Seals and opens what a session keeps on disk, each text bound to session, field and generation. */
export interface SessionSecrets {
  sealRefreshToken(id: SessionId, generation: number, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked` */
  refreshTokenOf(session: StoredSession): Promise<Secret | undefined>;
  /** For sessions without a refresh token: their access token is all there is to keep. */
  sealAccessToken(id: SessionId, generation: number, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked` */
  accessTokenOf(session: StoredSession): Promise<Secret | undefined>;
  /** Whichever it has. @throws BrokerError `locked`, `consent_required` */
  keptTokenOf(session: StoredSession): Promise<KeptToken>;
}

/** See {@link SessionSecrets}. */
export function createSessionSecrets(vault: Vault): SessionSecrets {
  const refreshTokenOf: SessionSecrets['refreshTokenOf'] = async (session) => {
    const { id, generation, sealedRefreshToken } = session;
    const place = binding(id, 'refreshToken', generation);
    return sealedRefreshToken && vault.open(sealedRefreshToken, place);
  };
  const accessTokenOf: SessionSecrets['accessTokenOf'] = async (session) => {
    const { id, generation, sealedAccessToken } = session;
    const place = binding(id, 'accessToken', generation);
    return sealedAccessToken && vault.open(sealedAccessToken, place);
  };
  return {
    sealRefreshToken: (id, generation, token) =>
      vault.seal(token, binding(id, 'refreshToken', generation)),
    refreshTokenOf,
    sealAccessToken: (id, generation, token) =>
      vault.seal(token, binding(id, 'accessToken', generation)),
    accessTokenOf,
    keptTokenOf: async (session) => {
      const refreshToken = await refreshTokenOf(session);
      if (refreshToken !== undefined) return { refreshToken };
      const accessToken = await accessTokenOf(session);
      if (accessToken !== undefined) return { accessToken };
      throw new BrokerError('consent_required');
    },
  };
}

function binding(id: SessionId, field: string, generation: number): Binding {
  return { entity: `session:${id}`, field, generation };
}
