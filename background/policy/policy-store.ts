import { noPolicy, readPolicy, type ReadPolicy } from '#core/policy/policy.ts';
import { storageFailed, type FieldProblem } from '#core/values/fault.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { keys, type StoredPolicy } from '#storage/schema.ts';
import { parseStoredPolicy } from '#storage/parse-stored.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import { within } from '../platform/within.ts';
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
  /** False when there are clients of a policy that was not kept, or cannot be read now, and the browser reports none yet: nothing is withdrawn. */
  isKnown(): boolean;
  /**
   * Reads `storage.managed`: after each start, after the browser reported a change, and at each alarm. An empty one counts as
   * withdrawn when it is still empty after a minute. Rejects when the policy that is applied now could not be stored; the next
   * call tries again.
   */
  refresh(): Promise<void>;
  /** Resolves when there is a policy, or after the seconds that a browser may take to report one. */
  settled(): Promise<void>;
  /** Adds what was found to be invalid when the policy that is applied now was put to work. */
  addProblems(problems: readonly FieldProblem[]): void;
  /** Calls back after another policy is applied. */
  onChanged(listener: () => void): void;
}

type PolicyWorld = Pick<
  World,
  'local' | 'session' | 'keyStore' | 'alarms' | 'managed' | 'isPolicyLate'
> &
  Pick<World, 'after' | 'nowMs' | 'pause'>;

interface Dependencies {
  readonly vault: Vault;
  /** Whether clients of a policy are stored. */
  readonly hasClients: () => boolean;
  readonly world: PolicyWorld;
}

/** How long `storage.managed` is empty before the policy counts as withdrawn, in milliseconds. */
const withdrawnAfterMs = 60_000;
/** How long Chromium may take to report a policy after its start (about 3 seconds), in steps, in milliseconds. */
const [settlingMs, stepMs] = [4000, 250];

/** How long a start waits for what a browser reports that may be late, in milliseconds. */
const atOnceMs = 100;

const none: AppliedPolicy = { policy: noPolicy, problems: [] };

/**
 * Reads the policy that an earlier worker kept, and the one that the browser reports already, which comes first: in Firefox a
 * content script can delete the kept one, and nothing may be served without it. Never rejects.
 */
export async function openPolicy(dependencies: Dependencies): Promise<PolicyStore> {
  const { world, hasClients } = dependencies;
  const enqueue = serialQueue();
  const listeners: (() => void)[] = [];
  const [kept, atOnce] = await Promise.all([readKept(dependencies), reportedAtOnce(world)]);
  const reported = atOnce ?? (kept.isUnreadable ? await reportedLater(world) : undefined);
  const isReported = reported !== undefined && reported !== kept.text;
  let current = isReported ? appliedNow(reported, world) : kept.applied;
  /** The policy that is applied, as text, and whether it is stored. */
  let appliedText = isReported ? reported : kept.text;
  let isKept = !isReported && !kept.isUnreadable;
  let isWithdrawn = false;
  const isKnown = (): boolean => current !== none || isWithdrawn || !hasClients();

  const apply = async (text: string | undefined): Promise<void> => {
    current = text === undefined ? none : appliedNow(text, world);
    appliedText = text;
    isKept = false;
    isWithdrawn = text === undefined;
    for (const listener of listeners) listener();
    await keep(text, world.nowMs(), dependencies).catch(storageFailed);
    isKept = true;
  };
  const applyReported = async (text: string): Promise<void> => {
    // A policy that is withdrawn leaves it, so that the next worker continues at once when this one stops before all is deleted.
    await world.session.remove([keys.policyEmptySince]);
    if (text !== appliedText || !isKept) await apply(text);
  };
  const refresh = async (): Promise<void> => {
    const text = await reportedText(world);
    if (text !== undefined) return applyReported(text);
    if (current === none && isKept && isKnown()) return;
    if (!(await isEmptyLongEnough(world))) return;
    // The machine may have slept for that minute, or its clock may have been set: the browser gets the seconds that it needs.
    await world.pause(settlingMs);
    const late = await reportedText(world);
    await (late === undefined ? apply(undefined) : applyReported(late));
  };
  return {
    current: () => current,
    isKnown,
    refresh: () => enqueue(refresh),
    settled: async () => {
      for (let waited = 0; current === none && waited < settlingMs; waited += stepMs) {
        if (waited > 0) await world.pause(stepMs);
        const askedAtMs = world.nowMs();
        if ((await world.managed()) === undefined) return;
        // Chromium itself may wait for its policies before it answers.
        waited += Math.max(0, world.nowMs() - askedAtMs);
        await enqueue(refresh).catch(() => undefined);
      }
    },
    addProblems: (problems) => {
      const isKnownOne = ({ field }: FieldProblem): boolean =>
        current.problems.some((known) => known.field === field);
      const added = problems.filter((one) => !isKnownOne(one));
      if (added.length > 0) current = { ...current, problems: [...current.problems, ...added] };
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

function appliedNow(text: string, { nowMs }: PolicyWorld): AppliedPolicy {
  return { ...readPolicy(JSON.parse(text)), appliedAtMs: nowMs() };
}

/** What `storage.managed` has; undefined when it is empty. */
async function reportedText({ managed }: PolicyWorld): Promise<string | undefined> {
  const reported = (await managed()) ?? {};
  return Object.keys(reported).length === 0 ? undefined : JSON.stringify(reported);
}

/** As {@link reportedText}; undefined too when the browser itself still waits for its policies: the next refresh has the policy then. */
async function reportedAtOnce(world: PolicyWorld): Promise<string | undefined> {
  if (!world.isPolicyLate) return reportedText(world);
  return within(atOnceMs, () => reportedText(world), world);
}

/**
 * As {@link reportedText}, when there was a policy that cannot be read any more, because the encryption key is lost: until it is
 * reported, what it forbids would be allowed, so the start waits as long as a browser may take.
 */
async function reportedLater(world: PolicyWorld): Promise<string | undefined> {
  if (!world.isPolicyLate) return undefined;
  const look = async (isOver: () => boolean): Promise<string | undefined> => {
    let text = await reportedText(world);
    while (text === undefined && !isOver()) {
      await world.pause(stepMs);
      text = await reportedText(world);
    }
    return text;
  };
  return within(settlingMs, look, world);
}

/** Whether `storage.managed` has been empty for a minute of this browser session. Otherwise sets an alarm for the next check. */
async function isEmptyLongEnough({ session, alarms, nowMs }: PolicyWorld): Promise<boolean> {
  const stored = await session.read(keys.policyEmptySince);
  const isSane = typeof stored === 'number' && stored <= nowMs();
  const sinceMs = isSane ? stored : nowMs();
  if (!isSane) await session.write({ [keys.policyEmptySince]: sinceMs });
  if (nowMs() - sinceMs >= withdrawnAfterMs) return true;
  await alarms.set('policy', sinceMs + withdrawnAfterMs);
  return false;
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

interface KeptPolicy {
  /** Undefined without one that can be applied. */
  readonly text: string | undefined;
  readonly applied: AppliedPolicy;
  /** Whether it is damaged, forged, or cannot be decrypted now. */
  readonly isUnreadable: boolean;
}

/** The kept policy; an outdated one counts as none. */
async function readKept({ vault, world: { local, keyStore } }: Dependencies): Promise<KeptPolicy> {
  const noneKept = { text: undefined, applied: none, isUnreadable: false };
  const unreadable = { ...noneKept, isUnreadable: true };
  try {
    const raw = await local.read(keys.policy);
    if (raw === undefined) return noneKept;
    const stored = parseStoredPolicy(raw);
    if (stored === undefined) return unreadable;
    const { revision, atMs, sealed } = stored;
    if (revision < (await keyStore.lowestRevision(keys.policy))) return noneKept;
    const text = reveal(await vault.decrypt(sealed, binding(revision)));
    const applied = { ...readPolicy(JSON.parse(text)), appliedAtMs: atMs };
    return { text, applied, isUnreadable: false };
  } catch {
    return unreadable;
  }
}

function binding(revision: number): Binding {
  return { entity: keys.policy, field: 'policy', generation: revision };
}
