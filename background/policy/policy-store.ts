import { noPolicy, readPolicy, type ReadPolicy } from '#core/policy/policy.ts';
import { storageFailed, toFault } from '#core/values/fault.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { keys, type StoredPolicy } from '#storage/schema.ts';
import { parseStoredPolicy } from '#storage/parse-stored.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { Binding, Vault } from '../secrets/vault.ts';

/** The policy that is applied, and when it was. */
export interface AppliedPolicy extends ReadPolicy {
  /** Undefined without a policy. */
  readonly appliedAtMs?: number;
}

/**
 * The organization's policy. In Chromium `storage.managed` is empty for some seconds after each start of the browser, so the last
 * policy is kept, encrypted because it may contain secrets and because in Firefox a content script can write to `storage.local`.
 */
export interface PolicyStore {
  current(): AppliedPolicy;
  /** False when the kept policy could not be decrypted now, and the browser reports none: nothing is withdrawn. */
  isKnown(): boolean;
  /**
   * Reads `storage.managed`: at each start, after the browser reported a change, and at each alarm. An empty one counts as
   * withdrawn when it is still empty after a minute. Rejects when the policy that is applied now could not be stored; the next
   * call tries again.
   */
  refresh(): Promise<void>;
  /** Resolves when there is a policy, or after the seconds that a browser may take to report one. */
  settled(): Promise<void>;
  /** Calls back after another policy is applied. */
  onChanged(listener: () => void): void;
}

type PolicyWorld = Pick<World, 'local' | 'session' | 'keyStore' | 'alarms' | 'managed'> &
  Pick<World, 'nowMs' | 'pause'>;

interface Dependencies {
  readonly vault: Vault;
  readonly world: PolicyWorld;
}

/** How long `storage.managed` is empty before the policy counts as withdrawn, in milliseconds. */
const withdrawnAfterMs = 60_000;
/** How long Chromium may take to report a policy after its start (about 3 seconds), in steps, in milliseconds. */
const [settlingMs, stepMs] = [4000, 250];

const none: AppliedPolicy = { policy: noPolicy, problems: [] };

/** Reads the policy that an earlier worker kept. Never rejects. */
export async function openPolicy(dependencies: Dependencies): Promise<PolicyStore> {
  const { world } = dependencies;
  const enqueue = serialQueue();
  const listeners: (() => void)[] = [];
  const opened = await readKept(dependencies);
  let isKnown = opened !== 'locked';
  let current = opened === 'locked' || opened === undefined ? none : opened.applied;
  /** The policy as it is stored, for comparison. */
  let keptText = opened === 'locked' ? undefined : opened?.text;
  let hasPolicy = keptText !== undefined;

  const apply = async (text: string | undefined): Promise<void> => {
    const appliedAtMs = world.nowMs();
    current = text === undefined ? none : { ...readPolicy(JSON.parse(text)), appliedAtMs };
    hasPolicy = text !== undefined;
    isKnown = true;
    for (const listener of listeners) listener();
    await keep(text, appliedAtMs, dependencies).catch(storageFailed);
    keptText = text;
  };
  const refresh = async (): Promise<void> => {
    const managed = (await world.managed()) ?? {};
    if (Object.keys(managed).length > 0) {
      await noteEmptySince(undefined, world);
      const text = JSON.stringify(managed);
      if (text !== keptText) await apply(text);
      return;
    }
    if (!hasPolicy && isKnown) return;
    if (await isWithdrawn(world)) {
      await apply(undefined);
      await noteEmptySince(undefined, world);
    }
  };
  return {
    current: () => current,
    isKnown: () => isKnown,
    refresh: () => enqueue(refresh),
    settled: async () => {
      for (let waited = 0; current === none && waited < settlingMs; waited += stepMs) {
        if (waited > 0) await world.pause(stepMs);
        if ((await world.managed()) === undefined) return;
        await enqueue(refresh).catch(() => undefined);
      }
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

/** Whether `storage.managed` has been empty for a minute of this browser session. Otherwise an alarm tells when to look again. */
async function isWithdrawn(world: PolicyWorld): Promise<boolean> {
  const stored = await world.session.read(keys.policyEmptySince);
  const nowMs = world.nowMs();
  const isSane = typeof stored === 'number' && stored <= nowMs;
  const sinceMs = isSane ? stored : nowMs;
  if (!isSane) await noteEmptySince(nowMs, world);
  if (nowMs - sinceMs >= withdrawnAfterMs) return true;
  await world.alarms.set('policy', sinceMs + withdrawnAfterMs);
  return false;
}

async function noteEmptySince(atMs: number | undefined, { session }: PolicyWorld): Promise<void> {
  if (atMs === undefined) await session.remove([keys.policyEmptySince]);
  else await session.write({ [keys.policyEmptySince]: atMs });
}

/** Stores the policy, or that there is none, so that no earlier one is accepted. */
async function keep(
  text: string | undefined,
  atMs: number,
  { vault, world: { local, keyStore } }: Dependencies,
): Promise<void> {
  const revision = (await keyStore.lowestRevision(keys.policy)) + 1;
  if (text === undefined) {
    await keyStore.raiseRevision(keys.policy, revision);
    await local.remove([keys.policy]);
    return;
  }
  const sealed = await vault.encrypt(secret(text), binding(revision));
  const stored: StoredPolicy = { revision, atMs, sealed };
  await local.write({ [keys.policy]: stored });
  await keyStore.raiseRevision(keys.policy, revision);
}

/** The kept policy; undefined for none, and for one that is forged, outdated, or cannot be decrypted by any later start. */
async function readKept({
  vault,
  world: { local, keyStore },
}: Dependencies): Promise<
  { readonly text: string; readonly applied: AppliedPolicy } | 'locked' | undefined
> {
  try {
    const stored = parseStoredPolicy(await local.read(keys.policy));
    if (stored === undefined) return undefined;
    const { revision, atMs, sealed } = stored;
    if (revision < (await keyStore.lowestRevision(keys.policy))) return undefined;
    const text = reveal(await vault.decrypt(sealed, binding(revision)));
    return { text, applied: { ...readPolicy(JSON.parse(text)), appliedAtMs: atMs } };
  } catch (thrown) {
    return toFault(thrown).code === 'seal_broken' ? undefined : 'locked';
  }
}

function binding(revision: number): Binding {
  return { entity: keys.policy, field: 'policy', generation: revision };
}
