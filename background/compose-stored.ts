import { createRepositories } from './accounts.ts';
import { createPolicyGrants, readPolicyChoices } from './connections/policy-grants.ts';
import { isErasing } from './erase/erase.ts';
import { readBrowserSession } from './grants/browser-session.ts';
import type { World } from './platform/world.ts';
import { openPolicy } from './policy/policy-store.ts';
import { createGovernor } from './quota/governor.ts';
import { boundFormat, createVault } from './secrets/vault.ts';
import { createSettings } from './storage/settings-store.ts';
import { openStore } from './storage/store.ts';
import { createAvatars } from './views/avatars.ts';

export type Stored = Awaited<ReturnType<typeof openStored>>;

/** What is read before anything is served: the store, the organization's policy, the settings. */
export async function openStored(world: World) {
  // Each waits for another process, so they wait at the same time.
  const closed = readAhead(() => writableStorage(world));
  const sealsRevision = readAhead(() => world.keyStore.lowestRevision(boundFormat.name));
  void readAhead(() => world.keyStore.encryptionKey());
  const vault = createVault(world.keyStore, world.crypto);
  const hasClients = (): boolean => repositories.clients.list().some((one) => one.policy);
  const policyOpened = readAhead(() => openPolicy({ vault, hasClients, world }));
  const governor = createGovernor(world, () => policy.current().policy.pointsPerHour);
  const quotaLoaded = readAhead(() => governor.load());
  const avatars = createAvatars(world);
  const avatarsLoaded = readAhead(() => avatars.load());
  const browserSessionRead = readAhead(() => readBrowserSession(world));
  const choicesRead = readAhead(() => readPolicyChoices(world));
  const store = await openStore({ ...world, closed });
  const repositories = createRepositories(store);
  const policy = await policyOpened;
  const settings = createSettings({
    area: world.local,
    raw: store.settings,
    forced: () => policy.current().policy.settings,
  });
  const { sessions } = repositories;
  const choices = await choicesRead;
  const policyGrants = createPolicyGrants({ policy: policy.current, sessions, choices, world });
  return {
    sealsRevision,
    vault,
    governor,
    avatars,
    store,
    repositories,
    policy,
    settings,
    policyGrants,
    browserSession: await browserSessionRead,
    loaded: Promise.all([quotaLoaded, avatarsLoaded]),
  };
}

/** Resolves when the storage may be written: content scripts cannot read it, and no erasure is left to be completed. */
async function writableStorage(world: World): Promise<void> {
  const [isLeft] = await Promise.all([isErasing(world), world.closeStorage()]);
  if (isLeft) throw new Error('an erasure is not complete');
}

/** Begins to read before the value is needed; who needs it learns of an error. */
export function readAhead<T>(read: () => Promise<T>): Promise<T> {
  const value = read();
  value.catch(() => undefined);
  return value;
}
