import {
  clientAuthenticationOf,
  draftOf,
  type ClientDraft,
  type ClientId,
} from '#core/client/client-configuration.ts';
import { endsSessions } from '#core/client/ends-sessions.ts';
import { freeNames } from '#core/import/free-name.ts';
import type { PolicyClient } from '#core/policy/policy-client.ts';
import { toHex } from '#core/values/bytes-as-text.ts';
import { BrokerError, toFault, type FieldProblem } from '#core/values/fault.ts';
import { reveal } from '#core/values/secret.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { SerialQueue } from '../platform/serial-queue.ts';
import type { ClientSecrets } from '../secrets/client-secrets.ts';
import type { ConsumerKeyChain } from '../secrets/consumer-keys.ts';
import type { Repository } from '../storage/repository.ts';

/** A client that the policy gives, as it is to be stored. */
export interface ManagedDraft {
  readonly id: ClientId;
  /** Its JSON Pointer in the policy. */
  readonly path: string;
  readonly draft: ClientDraft;
  readonly policy: NonNullable<StoredClient['policy']>;
}

/** SHA-256, in hexadecimal digits. */
async function digestOf(text: string, { subtle }: Pick<Crypto, 'subtle'>): Promise<string> {
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  return toHex(new Uint8Array(digest));
}

/**
 * The id of a client of the policy, which follows from the administrator's own id of it: so its sessions outlive a policy that is
 * withdrawn by mistake within the minute, and a store that is restored. Of version 8. @see RFC 9562, section 5.8
 */
function uuidOf(digest: string): ClientId {
  const [, a = '', b = '', c = '', d = '', e = ''] =
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/u.exec(digest) ?? [];
  return `${a}-${b}-8${c}-8${d}-${e}` as ClientId;
}

/** What the policy's clients are stored as. A name that a client of the person has already gets a number. */
async function managedDrafts(
  clients: readonly PolicyClient[],
  all: readonly StoredClient[],
  crypto: Pick<Crypto, 'subtle'>,
): Promise<ManagedDraft[]> {
  const own = all.filter(({ policy }) => policy === undefined).map(({ name }) => name);
  const nameOf = freeNames(own);
  return Promise.all(
    clients.map(async ({ id, path, draft }) => {
      const name = nameOf(draft.name);
      const { clientSecret, privateKeyPem } = draft;
      const hasSecret = Boolean(clientSecret) || privateKeyPem !== undefined;
      const keyDigest =
        privateKeyPem === undefined ? {} : { keyDigest: await digestOf(privateKeyPem, crypto) };
      return {
        id: uuidOf(await digestOf(`threelo policy client ${id}`, crypto)),
        path,
        draft: { ...draft, name },
        policy: { id, hasSecret, ...keyDigest },
      };
    }),
  );
}

/** Whether a stored client is what the policy says already, with a secret or a private key of the policy that can be used. */
async function isUpToDate(
  stored: StoredClient | undefined,
  { draft, policy }: ManagedDraft,
  { clientSecrets: secrets, keys }: Pick<Follower, 'clientSecrets' | 'keys'>,
): Promise<boolean> {
  if (stored === undefined || JSON.stringify(stored.policy) !== JSON.stringify(policy))
    return false;
  const clientAuthentication = clientAuthenticationOf(draft);
  if (textOf(stored) !== textOf({ ...draft, clientAuthentication })) return false;
  if (draft.privateKeyPem !== undefined && stored.keyPair && (await keys.isLost(stored.keyPair)))
    return false;
  if (!draft.clientSecret) return true;
  const known = await secrets.decrypt(stored).catch(() => undefined);
  return known !== undefined && reveal(known) === draft.clientSecret;
}

function textOf(source: Parameters<typeof draftOf>[0]): string {
  return JSON.stringify(draftOf(source));
}

/**
 * What the person may change of a client of the policy: a secret that the policy does not give.
 * @throws BrokerError `managed` for anything else
 */
export function personsDraft(before: StoredClient, draft: ClientDraft): ClientDraft {
  const { policy } = before;
  if (policy === undefined) return draft;
  const { clientSecret, privateKeyPem } = draft;
  if (policy.hasSecret || (!clientSecret && privateKeyPem === undefined))
    throw new BrokerError('managed');
  return {
    ...draftOf(before),
    clientSecret,
    ...(privateKeyPem === undefined ? {} : { privateKeyPem }),
  };
}

/** The client as the policy changes it: a secret that the policy gave before, and gives no more, is not kept. */
function withoutPolicySecret(
  { sealedClientSecret, keyPair, ...known }: StoredClient,
  { policy }: ManagedDraft,
): StoredClient {
  const isWithdrawn = known.policy?.hasSecret === true && !policy.hasSecret;
  return {
    ...known,
    policy,
    ...(sealedClientSecret === undefined || isWithdrawn ? {} : { sealedClientSecret }),
    ...(keyPair === undefined || isWithdrawn ? {} : { keyPair }),
  };
}

/** @throws BrokerError `managed` for a client of the policy */
export function requireOwn({ policy }: StoredClient): void {
  if (policy !== undefined) throw new BrokerError('managed');
}

/** What came of the clients of a policy. */
export interface FollowedPolicy {
  /** Whether any was not as the policy says. */
  readonly isChanged: boolean;
  /** Why a client cannot be stored; all others are. `field` is the JSON Pointer of the member. */
  readonly problems: readonly FieldProblem[];
}

interface Follower {
  readonly repository: Repository<ClientId, StoredClient>;
  readonly clientSecrets: ClientSecrets;
  readonly keys: Pick<ConsumerKeyChain, 'isLost'>;
  readonly world: { readonly crypto: Crypto };
  readonly enqueue: SerialQueue;
  /** Replaces a client. */
  readonly put: (before: StoredClient, after: StoredClient) => Promise<unknown>;
  /** Removes a client and its sessions. */
  readonly remove: (id: ClientId) => Promise<void>;
  readonly invalidateSessions: (client: StoredClient) => Promise<void>;
  readonly stored: (
    draft: ClientDraft,
    earlier: StoredClient | ManagedDraft,
  ) => Promise<StoredClient>;
}

/** What makes the stored clients of the policy what it says. */
export function policyFollower(
  dependencies: Follower,
): (clients: readonly PolicyClient[]) => Promise<FollowedPolicy> {
  const { repository, enqueue, remove, invalidateSessions, world } = dependencies;
  return async (clients) => {
    const wanted = await managedDrafts(clients, repository.list(), world.crypto);
    const isWanted = (id: ClientId): boolean => wanted.some((one) => one.id === id);
    const gone = repository.list().filter(({ id, policy }) => policy && !isWanted(id));
    for (const { id } of gone) await remove(id);
    let isChanged = gone.length > 0;
    const problems: FieldProblem[] = [];
    for (const one of wanted) {
      try {
        const made = await enqueue(() => makeManaged(one, dependencies));
        isChanged ||= made.isChanged;
        if (made.ended !== undefined) await invalidateSessions(made.ended);
      } catch (thrown) {
        problems.push(...problemsOf(thrown, one));
      }
    }
    return { isChanged, problems };
  };
}

/** A private key whose numbers do not belong together. @throws any other fault */
function problemsOf(thrown: unknown, { path }: ManagedDraft): FieldProblem[] {
  const { code, fields = [] } = toFault(thrown);
  if (code !== 'invalid_client') throw thrown;
  return fields.map(({ field, problem }) => ({ field: `${path}/${field}`, problem }));
}

interface Made {
  readonly isChanged: boolean;
  /** The client as it was before, when the change ends its sessions. */
  readonly ended?: StoredClient;
}

async function makeManaged(
  managed: ManagedDraft,
  { repository, put, stored, ...needed }: Follower,
): Promise<Made> {
  const known = repository.get(managed.id);
  if (await isUpToDate(known, managed, needed)) return { isChanged: false };
  if (known === undefined) {
    await repository.save(await stored(managed.draft, managed));
    return { isChanged: true };
  }
  const after = await stored(managed.draft, withoutPolicySecret(known, managed));
  await put(known, after);
  return { isChanged: true, ...(endsSessions(known, after) ? { ended: known } : {}) };
}
