import { destinationOf, type Destination } from '#core/client/secret-destination.ts';
import type { Session } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Secret } from '#core/values/secret.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import { ignoreSealBroken, type Binding, type Vault } from './vault.ts';

/** The token that a session stores: its refresh token, or its access token when it has no refresh token. */
export type StoredToken = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/**
 * Encrypts and decrypts the tokens that a session stores. Each is bound to session, field and generation, and to where
 * the session's client may send it.
 */
export interface SessionSecrets {
  encryptRefreshToken(session: Generation, client: Destination, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  refreshTokenOf(session: StoredSession, client: Destination): Promise<Secret | undefined>;
  /** For a session without a refresh token. */
  encryptAccessToken(session: Generation, client: Destination, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  accessTokenOf(session: StoredSession, client: Destination): Promise<Secret | undefined>;
  /** Whichever of the two it has. @throws BrokerError `locked`, `seal_broken`, `consent_required` */
  storedTokenOf(session: StoredSession, client: Destination): Promise<StoredToken>;
  /**
   * The session with its tokens encrypted for another destination. What cannot be decrypted stays unchanged.
   * @throws BrokerError `locked`, `storage_failed`
   */
  reencrypt(session: StoredSession, from: Destination, to: Destination): Promise<StoredSession>;
}

/** A session at one of its generations. */
type Generation = Pick<Session, 'id' | 'generation'>;

export function createSessionSecrets(vault: Vault): SessionSecrets {
  const refreshTokenOf: SessionSecrets['refreshTokenOf'] = async (session, client) =>
    session.sealedRefreshToken &&
    vault.decrypt(session.sealedRefreshToken, binding(session, 'refreshToken', client));
  const accessTokenOf: SessionSecrets['accessTokenOf'] = async (session, client) =>
    session.sealedAccessToken &&
    vault.decrypt(session.sealedAccessToken, binding(session, 'accessToken', client));
  const encryptRefreshToken: SessionSecrets['encryptRefreshToken'] = (session, client, token) =>
    vault.encrypt(token, binding(session, 'refreshToken', client));
  const encryptAccessToken: SessionSecrets['encryptAccessToken'] = (session, client, token) =>
    vault.encrypt(token, binding(session, 'accessToken', client));
  return {
    encryptRefreshToken,
    refreshTokenOf,
    encryptAccessToken,
    accessTokenOf,
    storedTokenOf: async (session, client) => {
      const refreshToken = await refreshTokenOf(session, client);
      if (refreshToken !== undefined) return { refreshToken };
      const accessToken = await accessTokenOf(session, client);
      if (accessToken !== undefined) return { accessToken };
      throw new BrokerError('consent_required');
    },
    reencrypt: async (session, from, to) => {
      const refreshToken = await refreshTokenOf(session, from).catch(ignoreSealBroken);
      const accessToken = await accessTokenOf(session, from).catch(ignoreSealBroken);
      return {
        ...session,
        ...(refreshToken && {
          sealedRefreshToken: await encryptRefreshToken(session, to, refreshToken),
        }),
        ...(accessToken && {
          sealedAccessToken: await encryptAccessToken(session, to, accessToken),
        }),
      };
    },
  };
}

function binding({ id, generation }: Generation, field: string, client: Destination): Binding {
  return { entity: `session:${id}`, field, generation, destination: destinationOf(client) };
}
