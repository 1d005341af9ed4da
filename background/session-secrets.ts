import type { Secret } from '../extension/core/secret.ts';
import type { SessionId } from '../extension/core/session.ts';
import type { Sealed } from '../extension/storage/sealed.ts';
import type { StoredSession } from '../extension/storage/schema.ts';
import type { Binding, Vault } from './vault.ts';

/** Seals and opens what a session keeps on disk, each text bound to session, field and generation. */
export interface SessionSecrets {
  sealRefreshToken(id: SessionId, generation: number, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked` */
  refreshTokenOf(session: StoredSession): Promise<Secret | undefined>;
  /** For sessions without a refresh token: their access token is all there is to keep. */
  sealAccessToken(id: SessionId, generation: number, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked` */
  accessTokenOf(session: StoredSession): Promise<Secret | undefined>;
}

/** See {@link SessionSecrets}. */
export function createSessionSecrets(vault: Vault): SessionSecrets {
  return {
    sealRefreshToken: (id, generation, token) =>
      vault.seal(token, binding(id, 'refreshToken', generation)),
    refreshTokenOf: async ({ id, generation, sealedRefreshToken }) =>
      sealedRefreshToken && vault.open(sealedRefreshToken, binding(id, 'refreshToken', generation)),
    sealAccessToken: (id, generation, token) =>
      vault.seal(token, binding(id, 'accessToken', generation)),
    accessTokenOf: async ({ id, generation, sealedAccessToken }) =>
      sealedAccessToken && vault.open(sealedAccessToken, binding(id, 'accessToken', generation)),
  };
}

function binding(id: SessionId, field: string, generation: number): Binding {
  return { entity: `session:${id}`, field, generation };
}
