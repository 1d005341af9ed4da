import { destinationOf } from '../../extension/core/client/secret-destination.ts';
import {
  clientAuthenticationOf,
  draftOf,
  draftProblems,
  isSameName,
  removedScopes,
  normaliseDraft,
  signatureMethodOf,
  type ClientDraft,
  type ClientId,
  type ConsumerKeys,
} from '../../extension/core/client/client-configuration.ts';
import { exportClients } from '../../extension/core/import/client-interchange.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Secret } from '../../extension/core/values/secret.ts';
import { redirectUriSuffix } from '../../extension/oauth/redirect-uri.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';
import type { ClientView } from '../../extension/wire/views.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { ClientSecrets } from '../secrets/client-secrets.ts';
import type { ConsumerKeyChain } from '../secrets/consumer-keys.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import type { Repository } from '../storage/repository.ts';

/** The storage of client configurations: Data Center's `ClientConfigStorageService` as our own. */
export interface Clients {
  list(): readonly StoredClient[];
  /** Undefined after the client was deleted. */
  find(id: ClientId): StoredClient | undefined;
  /** @throws BrokerError `not_found` */
  getOrFail(id: ClientId): StoredClient;
  /** Without regard to case. @throws BrokerError `not_found` */
  byNameOrFail(name: string): StoredClient;
  view(client: StoredClient): ClientView;
  create(draft: ClientDraft): Promise<StoredClient>;
  /** Resolves to the state before and after, for what hangs on it to follow. @throws BrokerError `locked` besides */
  update(id: ClientId, draft: ClientDraft): Promise<{ before: StoredClient; after: StoredClient }>;
  /** Another RSA key pair. @throws BrokerError `not_found`, `invalid_client` when the client has none, `storage_failed` */
  newKeyPair(id: ClientId): Promise<StoredClient>;
  remove(id: ClientId): Promise<void>;
  /** Whether the RSA key that it signs with was gone at the start, and none was made since. */
  isKeyPairLost(client: StoredClient): boolean;
  /** At each start: finds secrets that cannot be opened and RSA keys that are gone; those have to be given anew. */
  checkSecrets(): Promise<void>;
  /** @throws BrokerError `locked`, `seal_broken` when the stored secret can't be opened */
  secretOf(client: StoredClient): Promise<Secret | undefined>;
  redirect(
    authorizationEndpoint: string,
  ): Promise<{ redirectUri: string; redirectUriSuffix: string }>;
  /** The token endpoint refused the client's id or secret: its sessions are not tried for a while. */
  noteRejected(id: ClientId): Promise<void>;
  /** The token endpoint takes the client. */
  noteAccepted(id: ClientId): Promise<void>;
  exportJson(ids?: readonly ClientId[]): string;
  /** Saves all of the drafts that are made for the names that are taken, or none; they have to be judged. */
  createAll(
    draftsFor: (takenNames: readonly string[]) => readonly ClientDraft[],
  ): Promise<readonly StoredClient[]>;
}

interface Dependencies {
  readonly repository: Repository<ClientId, StoredClient>;
  /** Their tokens go where their clients say. */
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clientSecrets: ClientSecrets;
  readonly secrets: SessionSecrets;
  readonly keys: ConsumerKeyChain;
  readonly world: Pick<World, 'crypto' | 'nowMs' | 'identity'>;
}

/** See {@link Clients}. */
export function createClients(dependencies: Dependencies): Clients {
  const { repository, clientSecrets, keys, world } = dependencies;
  const getOrFail = (id: ClientId): StoredClient => orFail(repository.get(id));
  const redirect: Clients['redirect'] = async (authorizationEndpoint) => {
    const suffix = await redirectUriSuffix(authorizationEndpoint, world.crypto);
    return { redirectUri: world.identity.redirectUri(suffix), redirectUriSuffix: suffix };
  };
  const undecryptable = new Set<Sealed>();
  const lostKeys = new Set<string>();
  const isKeyPairLost: Clients['isKeyPairLost'] = ({ keyPair }) =>
    keyPair !== undefined && lostKeys.has(keyPair.id);
  const hasSecret = ({ sealedClientSecret }: StoredClient): boolean =>
    sealedClientSecret !== undefined && !undecryptable.has(sealedClientSecret);
  return {
    list: () => [...repository.list()].sort((one, other) => one.name.localeCompare(other.name)),
    find: (id) => repository.get(id),
    getOrFail,
    byNameOrFail: (name) => orFail(repository.list().find((one) => isSameName(one.name, name))),
    view: (client) => ({
      ...viewOf(client, world.identity.redirectUri(client.redirectUriSuffix)),
      hasSecret: hasSecret(client),
      ...(isKeyPairLost(client) ? { isKeyPairLost: true } : {}),
    }),
    isKeyPairLost,
    ...changes({ getOrFail, hasSecret }, dependencies),
    checkSecrets: async () => {
      for (const client of repository.list()) {
        const { sealedClientSecret: sealed, keyPair } = client;
        if (keyPair && (await keys.isLost(keyPair))) lostKeys.add(keyPair.id);
        if (sealed && (await clientSecrets.isUndecryptable(client))) undecryptable.add(sealed);
      }
    },
    secretOf: (client) => clientSecrets.decrypt(client),
    redirect,
    ...verdicts(repository, world),
    exportJson: (ids) => exportClients(ids ? ids.map(getOrFail) : repository.list()),
  };
}

/** Everything that changes a configuration. */
function changes(
  {
    getOrFail,
    hasSecret,
  }: Pick<Clients, 'getOrFail'> & { hasSecret: (one: StoredClient) => boolean },
  dependencies: Dependencies,
): Pick<Clients, 'create' | 'update' | 'newKeyPair' | 'remove' | 'createAll'> {
  const { repository, keys, world } = dependencies;
  const stored = (draft: ClientDraft, before?: StoredClient): Promise<StoredClient> =>
    storedClient(draft, before, dependencies);
  const forgetOtherKeys = (): Promise<void> =>
    keys.keepOnly(repository.list().flatMap(({ keyPair }) => keyPair?.id ?? []));
  // One after another, or two could be judged to have the same free name.
  const enqueue = serialQueue();
  return {
    create: (draft) =>
      enqueue(async () => {
        judge(draft, repository.list(), undefined, false);
        const client = await stored(draft);
        await repository.save(client);
        return client;
      }),
    update: (id, draft) =>
      enqueue(async () => {
        const before = getOrFail(id);
        judge(draft, repository.list(), before, hasSecret(before));
        const after = await stored(draft, before);
        await replace(before, after, dependencies);
        if (before.keyPair !== after.keyPair) await forgetOtherKeys();
        return { before, after };
      }),
    newKeyPair: (id) =>
      enqueue(async () => {
        const before = getOrFail(id);
        if (before.keyPair === undefined) throw new BrokerError('invalid_client');
        const after = { ...before, keyPair: await keys.generate(), updatedAtMs: world.nowMs() };
        await repository.save(after);
        await forgetOtherKeys();
        return after;
      }),
    remove: (id) =>
      enqueue(async () => {
        const { keyPair } = getOrFail(id);
        await repository.remove([id]);
        if (keyPair !== undefined) await forgetOtherKeys();
      }),
    createAll: (draftsFor) =>
      enqueue(async () => {
        const drafts = draftsFor(repository.list().map(({ name }) => name));
        const clients = await Promise.all(drafts.map((draft) => stored(draft)));
        await repository.save(...clients);
        return clients;
      }),
  };
}

/** Where the secrets go may have changed: the tokens of its sessions are sealed for that, in the same write. */
async function replace(
  before: StoredClient,
  after: StoredClient,
  { repository, sessions, secrets }: Dependencies,
): Promise<void> {
  if (destinationOf(before) === destinationOf(after)) return repository.save(after);
  await sessions.updateInSameWrite(
    (all) =>
      Promise.all(
        all
          .filter(({ clientId }) => clientId === before.id)
          .map((session) => secrets.reencrypt(session, before, after)),
      ),
    (changes) => repository.saveWith(after, changes),
  );
}

function orFail(client: StoredClient | undefined): StoredClient {
  if (client === undefined) throw new BrokerError('not_found', { subject: 'client' });
  return client;
}

async function storedClient(
  draft: ClientDraft,
  before: StoredClient | undefined,
  { clientSecrets, keys, world }: Dependencies,
): Promise<StoredClient> {
  const tidy = normaliseDraft(draft);
  const id = before?.id ?? (world.crypto.randomUUID() as ClientId);
  const configured = draftOf(tidy);
  const isMoved = before !== undefined && destinationOf(before) !== destinationOf(configured);
  const kept = (): Promise<Sealed | undefined> =>
    isMoved
      ? clientSecrets.reencrypt(before, configured)
      : Promise.resolve(before?.sealedClientSecret);
  const sealed = await (tidy.clientSecret
    ? clientSecrets.encrypt(id, configured, tidy.clientSecret)
    : kept());
  const keyPair = await keyPairOf(tidy, before, keys);
  return {
    ...configured,
    id,
    clientAuthentication: clientAuthenticationOf(tidy),
    removedScopes: before ? removedScopes(before, tidy.scopes) : [],
    redirectUriSuffix: await redirectUriSuffix(tidy.authorizationEndpoint, world.crypto),
    createdAtMs: before?.createdAtMs ?? world.nowMs(),
    updatedAtMs: world.nowMs(),
    ...(sealed === undefined ? {} : { sealedClientSecret: sealed }),
    ...(keyPair === undefined ? {} : { keyPair }),
  };
}

/** The keys that a client signs with: those that came along, those it has, or new ones. */
async function keyPairOf(
  draft: ClientDraft,
  before: StoredClient | undefined,
  keys: ConsumerKeyChain,
): Promise<ConsumerKeys | undefined> {
  if (signatureMethodOf(draft) !== 'RSA-SHA1') return undefined;
  if (draft.privateKeyPem !== undefined) return keys.importPem(draft.privateKeyPem);
  return before?.keyPair ?? keys.generate();
}

function judge(
  draft: ClientDraft,
  all: readonly StoredClient[],
  before: StoredClient | undefined,
  hasSecret: boolean,
): void {
  const others = all.filter(({ id }) => id !== before?.id);
  const fields = draftProblems(draft, {
    takenNames: others.map(({ name }) => name),
    hasSecret,
  });
  if (fields.length === 0) return;
  const isNameAlone = fields.every(({ problem }) => problem === 'name_taken');
  throw new BrokerError(isNameAlone ? 'name_taken' : 'invalid_client', { fields });
}

/** What the token endpoint says of a client. */
function verdicts(
  repository: Dependencies['repository'],
  { nowMs }: Pick<World, 'nowMs'>,
): Pick<Clients, 'noteRejected' | 'noteAccepted'> {
  return {
    noteRejected: async (id) => {
      await repository.update(id, (client) => ({ ...client, rejectedAtMs: nowMs() }));
    },
    noteAccepted: async (id) => {
      await repository.update(id, accepted);
    },
  };
}

function accepted(client: StoredClient): StoredClient {
  if (client.rejectedAtMs === undefined) return client;
  const { rejectedAtMs: _rejected, ...rest } = client;
  return rest;
}

function viewOf(client: StoredClient, redirectUri: string): Omit<ClientView, 'hasSecret'> {
  return {
    ...draftOf(client),
    id: client.id,
    redirectUri,
    ...(client.rejectedAtMs === undefined ? {} : { rejectedAtMs: client.rejectedAtMs }),
    ...(client.keyPair === undefined ? {} : { publicKeyPem: client.keyPair.publicKeyPem }),
  };
}
