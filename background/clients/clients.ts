import {
  isSameName,
  usesClientSecret,
  type ClientDraft,
  type ClientId,
  type DraftSecret,
} from '#core/client/client-configuration.ts';
import { endsSessions } from '#core/client/ends-sessions.ts';
import { destinationOf } from '#core/client/secret-destination.ts';
import { endedByEdit, isUsable, type SessionId } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Secret } from '#core/values/secret.ts';
import { redirectUriSuffix } from '#oauth/redirect-uri.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import type { ClientView } from '#wire/views.ts';
import type { PolicyClient } from '#core/policy/policy-client.ts';
import { serialQueue, type SerialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { ClientSecrets } from '../secrets/client-secrets.ts';
import type { ConsumerKeyChain } from '../secrets/consumer-keys.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import type { BatchedChanges, Repository } from '../storage/repository.ts';
import { personsDraft, policyFollower, requireOwn, type FollowedPolicy } from './policy-clients.ts';
import {
  asImportFault,
  usesForbiddenHttp,
  validate,
  validateAll,
  type HttpSetting,
} from './draft-validation.ts';
import { accepted, shownClient, storedClient } from './stored-client.ts';

/** The stored client configurations, as Data Center's `ClientConfigStorageService`. */
export interface Clients {
  list(): readonly StoredClient[];
  /** Undefined when the client was deleted. */
  find(id: ClientId): StoredClient | undefined;
  /** @throws BrokerError `not_found` */
  getOrFail(id: ClientId): StoredClient;
  /** Compares names regardless of case. @throws BrokerError `not_found` */
  byNameOrFail(name: string): StoredClient;
  view(client: StoredClient): ClientView;
  /** The field without which no sign-in can succeed. */
  missingField(client: StoredClient): DraftSecret | undefined;
  /** @throws BrokerError `invalid_client`, `name_taken`, `http_forbidden`, `storage_failed` */
  create(draft: ClientDraft): Promise<StoredClient>;
  /**
   * A draft without a secret keeps the stored one. Of a client of the organization's policy, takes a secret that the policy does not
   * give, and nothing else. @throws BrokerError as `create`, and `not_found`, `locked`, `managed`
   */
  update(id: ClientId, draft: ClientDraft): Promise<StoredClient>;
  /**
   * Replaces the RSA key pair.
   * @throws BrokerError `not_found`, `invalid_client` without a key pair, `managed` for one of the policy, `storage_failed`
   */
  replaceKeyPair(id: ClientId): Promise<StoredClient>;
  /** @throws BrokerError `not_found`, `managed`, `storage_failed` */
  remove(id: ClientId): Promise<void>;
  /**
   * Calls back, and waits, before a client is removed and after an update that invalidates its sessions. The listener
   * gets the configuration that the sessions were created with.
   */
  onSessionsInvalid(listener: (client: StoredClient) => Promise<void>): void;
  /** Whether the client's RSA private key was missing at the start and has not been replaced. */
  isKeyPairLost(client: StoredClient): boolean;
  /** At each start: finds secrets that cannot be decrypted and RSA keys that are missing. The person has to replace them. */
  checkSecrets(): Promise<void>;
  /** @throws BrokerError `locked`, `seal_broken` when the stored secret cannot be decrypted */
  secretOf(client: StoredClient): Promise<Secret | undefined>;
  /** The redirect URI for an authorization endpoint, and its last path segment. */
  redirect(
    authorizationEndpoint: string,
  ): Promise<{ redirectUri: string; redirectUriSuffix: string }>;
  /** @throws BrokerError `http_forbidden` for a client that allows plain http, while the settings do not */
  requireAllowed(client: Pick<ClientDraft, 'isHttpAllowed'>): void;
  /** Records that the token endpoint rejected the client ID or secret. Starts a cooldown for the client's sessions. */
  recordRejected(id: ClientId): Promise<void>;
  /** Records that the token endpoint accepted the client ID and secret. */
  recordAccepted(id: ClientId): Promise<void>;
  /**
   * Makes the clients of the organization's policy what it says: creates, changes and deletes them, and no client of the person. A
   * worker that stops meanwhile is continued by the next call.
   * @throws BrokerError `storage_failed`
   */
  followPolicy(clients: readonly PolicyClient[]): Promise<FollowedPolicy>;
  /** Saves all drafts or none. A secret may be absent. @throws BrokerError `invalid_import`, `storage_failed` */
  createAll(drafts: readonly ClientDraft[]): Promise<readonly StoredClient[]>;
  /**
   * Creates and replaces clients in the write of another service, which gets them in the order of the drafts. A client is
   * replaced only by one that sends secrets to the same addresses, and keeps its secret and its key if the draft has none. One of
   * the organization's policy takes what it takes of `update`. Plain http counts as forbidden or not as the settings say that this
   * write brings.
   * @throws BrokerError `not_found`, `invalid_import`, `managed`, `locked`, `storage_failed`
   */
  saveInSameWrite(
    drafts: readonly ReplacingDraft[],
    settings: HttpSetting,
    write: (changes: BatchedChanges, clients: readonly StoredClient[]) => Promise<void>,
  ): Promise<void>;
}

/** A draft, and the client that it replaces, if any. */
export interface ReplacingDraft {
  readonly draft: ClientDraft;
  readonly replaces?: ClientId;
}

interface Dependencies {
  readonly repository: Repository<ClientId, StoredClient>;
  /** Their tokens are encrypted for the destination that the client has. */
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clientSecrets: ClientSecrets;
  readonly secrets: SessionSecrets;
  readonly keys: ConsumerKeyChain;
  readonly isHttpForbidden: HttpSetting['isHttpForbidden'];
  readonly world: Pick<World, 'crypto' | 'nowMs' | 'identity' | 'compareNames'>;
}

export function createClients(dependencies: Dependencies): Clients {
  const { repository, clientSecrets, keys, world } = dependencies;
  const getOrFail = (id: ClientId): StoredClient => orFail(repository.get(id));
  const undecryptable = new Set<Sealed>();
  const lostKeys = new Set<string>();
  const isKeyPairLost: Clients['isKeyPairLost'] = ({ keyPair }) =>
    keyPair !== undefined && lostKeys.has(keyPair.id);
  const hasSecret = ({ sealedClientSecret }: StoredClient): boolean =>
    sealedClientSecret !== undefined && !undecryptable.has(sealedClientSecret);
  const missingField: Clients['missingField'] = (client) => {
    if (isKeyPairLost(client)) return 'privateKeyPem';
    return usesClientSecret(client) && !hasSecret(client) ? 'clientSecret' : undefined;
  };
  return {
    list: () =>
      [...repository.list()].sort((one, other) => world.compareNames(one.name, other.name)),
    find: (id) => repository.get(id),
    getOrFail,
    byNameOrFail: (name) => orFail(repository.list().find((one) => isSameName(one.name, name))),
    view: (client) => {
      const missing = missingField(client);
      return {
        ...shownClient(client, world.identity.redirectUri(client.redirectUriSuffix)),
        hasSecret: hasSecret(client),
        ...(client.policy === undefined ? {} : { managed: { hasSecret: client.policy.hasSecret } }),
        ...(isKeyPairLost(client) ? { isKeyPairLost: true } : {}),
        ...(missing === undefined ? {} : { missingField: missing }),
      };
    },
    missingField,
    isKeyPairLost,
    ...changes({ getOrFail, hasSecret }, dependencies),
    requireAllowed: (client) => {
      requireAllowed(client, dependencies);
    },
    checkSecrets: async () => {
      const check = async (client: StoredClient): Promise<void> => {
        const { sealedClientSecret: sealed, keyPair } = client;
        if (keyPair && (await keys.isLost(keyPair))) lostKeys.add(keyPair.id);
        if (sealed && (await clientSecrets.isUndecryptable(client))) undecryptable.add(sealed);
      };
      await Promise.all(repository.list().map(check));
    },
    secretOf: (client) => clientSecrets.decrypt(client),
    redirect: async (authorizationEndpoint) => {
      const suffix = await redirectUriSuffix(authorizationEndpoint, world.crypto);
      return { redirectUri: world.identity.redirectUri(suffix), redirectUriSuffix: suffix };
    },
    recordRejected: async (id) => {
      const rejectedAtMs = world.nowMs();
      await repository.update(id, (client) => ({ ...client, rejectedAtMs }));
    },
    recordAccepted: async (id) => {
      await repository.update(id, accepted);
    },
  };
}

/** The methods that change a configuration on the person's behalf. */
function changes(
  {
    getOrFail,
    hasSecret,
  }: Pick<Clients, 'getOrFail'> & { hasSecret: (one: StoredClient) => boolean },
  dependencies: Dependencies,
): Pick<
  Clients,
  | 'create'
  | 'update'
  | 'replaceKeyPair'
  | 'remove'
  | 'createAll'
  | 'saveInSameWrite'
  | 'followPolicy'
  | 'onSessionsInvalid'
> {
  const { repository, keys, world } = dependencies;
  const stored = (draft: ClientDraft, before?: StoredClient): Promise<StoredClient> =>
    storedClient(draft, before, dependencies);
  const removeUnusedKeys = (): Promise<void> =>
    keys.deleteOthers(repository.list().flatMap(({ keyPair }) => keyPair?.id ?? []));
  const listeners: ((client: StoredClient) => Promise<void>)[] = [];
  const invalidateSessions = async (client: StoredClient): Promise<void> => {
    for (const listener of listeners) await listener(client);
  };
  // Serial: two concurrent changes could else take the same free name.
  const enqueue = serialQueue();
  const put = async (before: StoredClient, after: StoredClient) => {
    await replace(before, after, dependencies);
    if (before.keyPair !== after.keyPair) await removeUnusedKeys();
    return { before, after };
  };
  const update = async (id: ClientId, changed: ClientDraft) => {
    const before = getOrFail(id);
    const draft = personsDraft(before, changed);
    requireAllowed(draft, dependencies);
    validate(draft, repository.list(), before, hasSecret(before));
    return put(before, await stored(draft, before));
  };
  const remove = async (id: ClientId): Promise<void> => {
    await invalidateSessions(getOrFail(id));
    await enqueue(async () => {
      const { keyPair } = getOrFail(id);
      await repository.remove([id]);
      if (keyPair !== undefined) await removeUnusedKeys();
    });
  };
  return {
    followPolicy: policyFollower({
      ...dependencies,
      enqueue,
      put,
      remove,
      invalidateSessions,
      stored: (draft, earlier) => storedClient(draft, earlier, dependencies),
    }),
    ...additions(dependencies, { getOrFail, enqueue, stored, removeUnusedKeys }),
    update: async (id, draft) => {
      const { before, after } = await enqueue(() => update(id, draft));
      if (endsSessions(before, after)) await invalidateSessions(before);
      return after;
    },
    replaceKeyPair: (id) =>
      enqueue(async () => {
        const before = getOrFail(id);
        if (before.policy?.hasSecret === true) throw new BrokerError('managed');
        if (before.keyPair === undefined) throw new BrokerError('invalid_client');
        const after = { ...before, keyPair: await keys.generate(), updatedAtMs: world.nowMs() };
        await repository.save(after);
        await removeUnusedKeys();
        return after;
      }),
    remove: async (id) => {
      requireOwn(getOrFail(id));
      await remove(id);
    },
    onSessionsInvalid: (listener) => void listeners.push(listener),
  };
}

/** The methods that add configurations. */
function additions(
  dependencies: Dependencies,
  {
    getOrFail,
    enqueue,
    stored,
    removeUnusedKeys,
  }: {
    readonly enqueue: SerialQueue;
    readonly getOrFail: Clients['getOrFail'];
    readonly stored: (draft: ClientDraft, before?: StoredClient) => Promise<StoredClient>;
    readonly removeUnusedKeys: () => Promise<void>;
  },
): Pick<Clients, 'create' | 'createAll' | 'saveInSameWrite'> {
  const { repository } = dependencies;
  return {
    create: (draft) =>
      enqueue(async () => {
        requireAllowed(draft, dependencies);
        validate(draft, repository.list(), undefined, false);
        const client = await stored(draft);
        await repository.save(client);
        return client;
      }),
    createAll: (drafts) =>
      enqueue(async () => {
        validateAll(drafts, repository.list(), dependencies);
        const clients: StoredClient[] = [];
        try {
          for (const draft of drafts) clients.push(await stored(draft));
          await repository.save(...clients);
        } catch (thrown) {
          await removeUnusedKeys();
          throw asImportFault(thrown, clients.length);
        }
        return clients;
      }),
    saveInSameWrite: (drafts, settings, write) =>
      enqueue(async () => {
        const replaced = drafts.map(({ replaces }) => replaces);
        const kept = repository.list().filter(({ id }) => !replaced.includes(id));
        validateAll(
          drafts.map(({ draft }) => draft),
          kept,
          settings,
        );
        try {
          const clients: StoredClient[] = [];
          for (const { draft, replaces } of drafts) {
            const before = replaces === undefined ? undefined : getOrFail(replaces);
            if (before !== undefined && destinationOf(before) !== destinationOf(draft))
              throw new BrokerError('invalid_import');
            clients.push(await stored(before ? personsDraft(before, draft) : draft, before));
          }
          await repository.updateInSameWrite(
            () => Promise.resolve(clients),
            (changes) => write(changes, clients),
          );
        } finally {
          await removeUnusedKeys();
        }
      }),
  };
}

/**
 * When the destination of secrets changes, the tokens of the client's sessions are re-encrypted for it in the same write. Where the
 * change ends the sessions, they need consent from this write on, and keep tokens that cannot be decrypted for the new addresses:
 * the worker may stop, or the storage fail, before they are removed.
 */
async function replace(
  before: StoredClient,
  after: StoredClient,
  { repository, sessions, secrets, world }: Dependencies,
): Promise<void> {
  if (destinationOf(before) === destinationOf(after)) return repository.save(after);
  await sessions.updateInSameWrite(
    async (all) => {
      const own = all.filter(({ clientId }) => clientId === before.id);
      return endsSessions(before, after)
        ? own.filter(isUsable).map((session) => endedByEdit(session, world.nowMs()))
        : Promise.all(own.map((session) => secrets.reencrypt(session, before, { client: after })));
    },
    (changes) => repository.saveWith(after, changes),
  );
}

function orFail(client: StoredClient | undefined): StoredClient {
  if (client === undefined) throw new BrokerError('not_found', { subject: 'client' });
  return client;
}

function requireAllowed(client: Pick<ClientDraft, 'isHttpAllowed'>, setting: HttpSetting): void {
  if (usesForbiddenHttp(client, setting)) throw new BrokerError('http_forbidden');
}
