import { destinationOf, type Destination } from '#core/client/secret-destination.ts';
import { holderOf, type Session } from '#core/session/session.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import type { Secret } from '#core/values/secret.ts';
import type { SessionEntry, StoredSession } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import { ignoreUnreadable, isUnreadableForGood, type Binding, type Vault } from './vault.ts';

/** The token that a session stores: its refresh token, or its access token when it has no refresh token. */
export type StoredToken = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/**
 * Encrypts and decrypts the tokens that a session stores. Each is bound to session, field and generation, to where the
 * session's client may send it, and to the session's account.
 */
export interface SessionSecrets {
  encryptRefreshToken(session: Place, client: Destination, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  refreshTokenOf(session: SessionEntry, client: Destination): Promise<Secret | undefined>;
  /** For a session without a refresh token. */
  encryptAccessToken(session: Place, client: Destination, token: Secret): Promise<Sealed>;
  /** Undefined when the session has none. @throws BrokerError `locked`, `seal_broken` */
  accessTokenOf(session: SessionEntry, client: Destination): Promise<Secret | undefined>;
  /** Whichever of the two it has. @throws BrokerError `locked`, `seal_broken`, `consent_required` */
  storedTokenOf(session: SessionEntry, client: Destination): Promise<StoredToken>;
  /**
   * Whether its token can be decrypted; `locked` while the key store cannot be opened. Once the key store refuses the older
   * formats, a readable one shows that the session's account is the one that signed in.
   */
  check(session: SessionEntry, client: Destination): Promise<'readable' | 'broken' | 'locked'>;
  /**
   * The session, or the changed one, with its tokens encrypted again: for another destination, or another account. What
   * cannot be decrypted stays unchanged.
   * @throws BrokerError `locked`, `storage_failed`
   */
  reencrypt(
    session: StoredSession,
    client: Destination,
    changed: { readonly session?: StoredSession; readonly client?: Destination },
  ): Promise<StoredSession>;
}

/** What a token of a session is bound to, apart from its client. */
type Place = Pick<Session, 'id' | 'generation' | 'account' | 'isIdentified' | 'renews'>;

/** Where the tokens of a session may be sent and whose they are, as one string. */
export function tokenBinding(session: Place, client: Destination): string {
  return JSON.stringify([destinationOf(client), holderOf(session)]);
}

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
  const storedTokenOf: SessionSecrets['storedTokenOf'] = async (session, client) => {
    const refreshToken = await refreshTokenOf(session, client);
    if (refreshToken !== undefined) return { refreshToken };
    const accessToken = await accessTokenOf(session, client);
    if (accessToken !== undefined) return { accessToken };
    throw new BrokerError('consent_required');
  };
  return {
    encryptRefreshToken,
    refreshTokenOf,
    encryptAccessToken,
    accessTokenOf,
    storedTokenOf,
    check: (session, client) =>
      storedTokenOf(session, client).then(
        () => 'readable',
        (thrown: unknown) =>
          toFault(thrown).code === 'locked' && !isUnreadableForGood(thrown) ? 'locked' : 'broken',
      ),
    reencrypt: async (session, client, changed) => {
      const refreshToken = await refreshTokenOf(session, client).catch(ignoreUnreadable);
      const accessToken = await accessTokenOf(session, client).catch(ignoreUnreadable);
      const { session: after = session, client: to = client } = changed;
      if (refreshToken === undefined && accessToken === undefined) return after;
      return {
        ...after,
        ...(refreshToken && {
          sealedRefreshToken: await encryptRefreshToken(after, to, refreshToken),
        }),
        ...(accessToken && {
          sealedAccessToken: await encryptAccessToken(after, to, accessToken),
        }),
      };
    },
  };
}

function binding(session: Place, field: string, client: Destination): Binding {
  const { id, generation } = session;
  const entity = `session:${id}`;
  const destination = destinationOf(client);
  return { entity, field, generation, destination, holder: holderOf(session) };
}
