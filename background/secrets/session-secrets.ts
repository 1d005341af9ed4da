import { audienceOf, type Addressee } from '../../extension/core/client/audience.ts';
import type { Session } from '../../extension/core/session/session.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Secret } from '../../extension/core/values/secret.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';
import { unopenable, type Binding, type Vault } from './vault.ts';

/** What a session keeps on disk: a refresh token, or the access token when it has none. */
export type KeptToken = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/**
 * Seals and opens what a session keeps on disk, each text bound to session, field and generation, and to where the
 * session's client sends it.
 */
export interface SessionSecrets {
  sealRefreshToken(session: Generation, client: Addressee, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  refreshTokenOf(session: StoredSession, client: Addressee): Promise<Secret | undefined>;
  /** For sessions without a refresh token: their access token is all there is to keep. */
  sealAccessToken(session: Generation, client: Addressee, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  accessTokenOf(session: StoredSession, client: Addressee): Promise<Secret | undefined>;
  /** Whichever it has. @throws BrokerError `locked`, `seal_broken`, `consent_required` */
  keptTokenOf(session: StoredSession, client: Addressee): Promise<KeptToken>;
  /**
   * The session with its tokens sealed for a client as it is after an edit; what cannot be opened stays as it is.
   * @throws BrokerError `locked`, `storage_failed`
   */
  rebound(session: StoredSession, before: Addressee, after: Addressee): Promise<StoredSession>;
}

/** A session at one of its generations. */
type Generation = Pick<Session, 'id' | 'generation'>;

/** See {@link SessionSecrets}. */
export function createSessionSecrets(vault: Vault): SessionSecrets {
  const refreshTokenOf: SessionSecrets['refreshTokenOf'] = async (session, client) =>
    session.sealedRefreshToken &&
    vault.open(session.sealedRefreshToken, binding(session, 'refreshToken', client));
  const accessTokenOf: SessionSecrets['accessTokenOf'] = async (session, client) =>
    session.sealedAccessToken &&
    vault.open(session.sealedAccessToken, binding(session, 'accessToken', client));
  const sealRefreshToken: SessionSecrets['sealRefreshToken'] = (session, client, token) =>
    vault.seal(token, binding(session, 'refreshToken', client));
  const sealAccessToken: SessionSecrets['sealAccessToken'] = (session, client, token) =>
    vault.seal(token, binding(session, 'accessToken', client));
  return {
    ...{ sealRefreshToken, refreshTokenOf, sealAccessToken, accessTokenOf },
    keptTokenOf: async (session, client) => {
      const refreshToken = await refreshTokenOf(session, client);
      if (refreshToken !== undefined) return { refreshToken };
      const accessToken = await accessTokenOf(session, client);
      if (accessToken !== undefined) return { accessToken };
      throw new BrokerError('consent_required');
    },
    rebound: async (session, before, after) => {
      const refreshToken = await refreshTokenOf(session, before).catch(unopenable);
      const accessToken = await accessTokenOf(session, before).catch(unopenable);
      return {
        ...session,
        ...(refreshToken && {
          sealedRefreshToken: await sealRefreshToken(session, after, refreshToken),
        }),
        ...(accessToken && {
          sealedAccessToken: await sealAccessToken(session, after, accessToken),
        }),
      };
    },
  };
}

function binding({ id, generation }: Generation, field: string, client: Addressee): Binding {
  return { entity: `session:${id}`, field, generation, audience: audienceOf(client) };
}
