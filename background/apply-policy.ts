import type { Clients } from './clients/clients.ts';
import type { Grants } from './grants/grants.ts';
import { coalesce } from './platform/coalesce.ts';
import type { World } from './platform/world.ts';
import type { PolicyStore } from './policy/policy-store.ts';
import type { SettingsStore } from './storage/settings-store.ts';

/** The policy as it is applied to all services. */
export interface PolicyAtWork extends Pick<PolicyStore, 'refresh'> {
  /** As {@link PolicyStore.settled}, and its clients are there if they could be stored. Never rejects. */
  settled(): Promise<void>;
}

interface Dependencies {
  readonly policy: PolicyStore;
  readonly settings: Pick<SettingsStore, 'policyChanged'>;
  readonly grants: Pick<Grants, 'policyChanged'>;
  readonly clients: Pick<Clients, 'followPolicy'>;
  readonly world: Pick<World, 'notifyExtensionPages'>;
}

/**
 * Applies each change of the organization's policy: settings and pages follow from it at once, its clients are stored. The latter is
 * done at each start, too, because an earlier worker may have stopped before it was done.
 */
export function applyPolicy({
  policy,
  settings,
  grants,
  clients,
  world,
}: Dependencies): PolicyAtWork {
  // What fails, e.g. because the disk is full, is repeated by the next refresh.
  let areClientsCurrent = false;
  const followClients = coalesce(async () => {
    // What is not known now withdraws nothing.
    if (!policy.isKnown()) return;
    areClientsCurrent = false;
    const { policy: followed } = policy.current();
    const { isChanged, problems } = await clients.followPolicy(followed.clients);
    // Another one may be applied by now. The next run follows that.
    areClientsCurrent = policy.current().policy === followed;
    if (areClientsCurrent) policy.addProblems(problems);
    if (isChanged) world.notifyExtensionPages();
  });
  policy.onChanged(() => {
    areClientsCurrent = false;
    settings.policyChanged();
    void grants.policyChanged();
  });
  const refresh = async (): Promise<void> => {
    try {
      await policy.refresh();
    } finally {
      if (!areClientsCurrent) await followClients();
    }
  };
  return {
    refresh,
    settled: async () => {
      await policy.settled();
      await followClients();
    },
  };
}
