import { boundSite, uniqueSites, type BoundSite, type PageGrant } from '#core/grant/page-grant.ts';
import type { Policy } from '#core/policy/policy.ts';
import { siteUrlKey, type PolicyPage } from '#core/policy/policy-page.ts';
import { BrokerError, storageFailed } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { parsePolicyChoices } from '#storage/parse-stored.ts';
import { keys, type StoredSession } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';

/** The grants that the organization's policy makes, from the sessions as they are now. Nothing of them but choices is stored. */
export interface PolicyGrants {
  /** Undefined for an origin that the policy does not connect. Without a session that reaches one of its sites, it has none. */
  get(origin: Origin): PageGrant | undefined;
  has(origin: Origin): boolean;
  origins(): readonly Origin[];
  /** Whether the policy forbids to connect the origin. */
  isBlocked(origin: Origin): boolean;
  /**
   * Stores a grant whose choices between its sites are other ones.
   * @throws BrokerError `managed` for any other change, `storage_failed`
   */
  change(before: PageGrant, after: PageGrant): Promise<void>;
  /** The policy is another one. */
  policyChanged(): void;
  /** Calls back when the policy connects pages and sessions reach other sites than before. */
  onSitesChanged(listener: () => void): void;
}

interface Dependencies {
  readonly policy: () => { readonly policy: Policy; readonly appliedAtMs?: number };
  readonly sessions: {
    list(): readonly StoredSession[];
    onChanged(listener: () => void): void;
  };
  readonly choices: PolicyChoices;
  readonly world: Pick<World, 'local'>;
}

type PolicyChoices = ReturnType<typeof parsePolicyChoices>;
type SitesByUrl = ReadonlyMap<string, readonly BoundSite[]>;

/** The choices that the person made, as an earlier worker stored them. Never rejects. */
export async function readPolicyChoices({ local }: Dependencies['world']): Promise<PolicyChoices> {
  return parsePolicyChoices(await local.read(keys.policyChoices).catch(() => undefined));
}

export function createPolicyGrants({
  policy,
  sessions,
  choices: stored,
  world,
}: Dependencies): PolicyGrants {
  const choices = new Map(stored);
  const enqueue = serialQueue();
  const listeners: (() => void)[] = [];
  const made = new Map<Origin, PageGrant>();
  let sites: SitesByUrl | undefined;
  let reached = reachedBy(sessions.list());
  sessions.onChanged(() => {
    const now = reachedBy(sessions.list());
    if (isSameList(reached, now)) return;
    reached = now;
    sites = undefined;
    made.clear();
    if (policy().policy.pages.size > 0) for (const listener of listeners) listener();
  });
  const make = (page: PolicyPage): PageGrant => {
    sites ??= sitesByUrl(sessions.list());
    const { origin, access, paths } = page;
    return {
      origin,
      sites: grantedSites(page, sites),
      access,
      grantedAtMs: policy().appliedAtMs ?? 0,
      chosen: choices.get(origin) ?? {},
      ...(paths === undefined ? {} : { paths }),
    };
  };
  const store = async (all: PolicyChoices): Promise<void> => {
    await (all.size === 0
      ? world.local.remove([keys.policyChoices])
      : world.local.write({ [keys.policyChoices]: Object.fromEntries(all) }));
  };
  return {
    has: (origin) => policy().policy.pages.has(origin),
    origins: () => [...policy().policy.pages.keys()],
    isBlocked: (origin) => policy().policy.blocked.has(origin),
    get: (origin) => {
      const page = policy().policy.pages.get(origin);
      if (page === undefined) return undefined;
      const grant = made.get(origin) ?? make(page);
      made.set(origin, grant);
      return grant;
    },
    change: (before, after) =>
      enqueue(async () => {
        const { chosen: _before, ...rest } = before;
        const { chosen, ...others } = after;
        if (JSON.stringify(rest) !== JSON.stringify(others)) throw new BrokerError('managed');
        await store(new Map(choices).set(after.origin, chosen)).catch(storageFailed);
        choices.set(after.origin, chosen);
        made.delete(after.origin);
      }),
    policyChanged: () => {
      made.clear();
      const gone = [...choices.keys()].filter((origin) => !policy().policy.pages.has(origin));
      for (const origin of gone) choices.delete(origin);
      if (gone.length > 0) enqueue(() => store(choices)).catch(() => undefined);
    },
    onSitesChanged: (listener) => void listeners.push(listener),
  };
}

/** What the grants are made of: a refresh of a session changes none of it. */
function reachedBy(sessions: readonly StoredSession[]): readonly unknown[] {
  return sessions.flatMap(({ id, sites, account, isIdentified }) => [
    id,
    sites,
    account,
    isIdentified,
  ]);
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/** A session whose account is unknown serves no page. */
function sitesByUrl(sessions: readonly StoredSession[]): SitesByUrl {
  const found = new Map<string, BoundSite[]>();
  for (const { id: sessionId, sites, account } of sessions.filter((one) => one.isIdentified))
    for (const { cloudId, product, url } of sites) {
      const key = siteUrlKey(url) ?? url;
      const bound = boundSite({ cloudId, product, sessionId }, account);
      const others = found.get(key);
      if (others === undefined) found.set(key, [bound]);
      else others.push(bound);
    }
  return found;
}

function grantedSites({ sites, products }: PolicyPage, found: SitesByUrl): BoundSite[] {
  const all = [...sites].flatMap((url) => found.get(url) ?? []);
  return uniqueSites(
    all.filter(({ product }) => products === undefined || products.includes(product)),
  );
}
