import { isAwaiting } from '#core/grant/awaited-accounts.ts';
import type { PageGrant } from '#core/grant/page-grant.ts';
import { BrokerError } from '#core/values/fault.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import {
  createConnectedExtensions,
  type ExtensionPorts,
} from '../connections/connected-extensions.ts';
import { createConnectedPages, type Connections } from '../connections/connected-pages.ts';
import type { PolicyGrants } from '../connections/policy-grants.ts';
import { createPolicyPages } from '../connections/policy-pages.ts';
import type { World } from '../platform/world.ts';
import type { SealedGrants } from './sealed-grants.ts';

/** The grants of the organization's policy over those of the person, and what the browser needs for both. */
export interface GrantLayers {
  /** The grant of the policy, else that of the person. */
  find(origin: Origin): PageGrant | undefined;
  /** The origins of all grants. */
  granted(): readonly Origin[];
  connected(origin: Origin): Connections;
  /** What the grant of the person needs, also while the policy has one in its place. */
  connectedByPerson(origin: Origin): Connections;
  /** Changes the grant of the person, also while the policy has one in its place. As {@link SealedGrants.save}. */
  readonly saveOwn: SealedGrants['save'];
  /** Changes a grant. @throws BrokerError `blocked_by_policy`, `managed`, `storage_failed` */
  readonly save: SealedGrants['save'];
  removeOwn(origins: readonly Origin[]): Promise<void>;
  /** @throws BrokerError `managed`, `blocked_by_policy` when the policy decides on the origin */
  requireChangeable(origin: Origin): void;
  checkPermissions(): Promise<void>;
  followPermissions(): Promise<void>;
  notifyPolicyPages(): Promise<void>;
  missingPolicyPatterns(): readonly string[];
}

interface Dependencies {
  readonly sealed: SealedGrants;
  readonly policy: PolicyGrants;
  readonly extensions: ExtensionPorts;
  /** Origins whose host permission is needed without a grant: the hosts of clients. */
  readonly clientOrigins: () => readonly Origin[];
  readonly onSuspended: (origin: Origin) => void;
  readonly onChanged: () => void;
  readonly world: Pick<World, 'permissions' | 'pages' | 'notifyPages' | 'notifyExtensionPages'>;
}

export function createGrantLayers(dependencies: Dependencies): GrantLayers {
  const { sealed, policy, onSuspended, onChanged, world } = dependencies;
  const own = (): Origin[] => sealed.list().map(({ origin }) => origin);
  const granted = (): Origin[] => [...new Set([...own(), ...policy.origins()])];
  const find = (origin: Origin): PageGrant | undefined => policy.get(origin) ?? sealed.get(origin);
  const isPaused = (origin: Origin): boolean => policy.isBlocked(origin) || isHeld(find(origin));
  const pages = createConnectedPages({ ...dependencies, isPaused, granted });
  const extensions = createConnectedExtensions({
    ...dependencies.extensions,
    onSuspended,
    isPaused,
  });
  // A page that the person had connected before keeps its own scripts.
  const isOfPolicyAlone = (origin: Origin): boolean =>
    policy.has(origin) && sealed.get(origin) === undefined;
  const policyPages = createPolicyPages({
    origins: () => policy.origins().filter(isOfPolicyAlone),
    onSuspended,
    world,
  });
  const connectedByPerson = (origin: Origin): Connections =>
    isExtension(origin) ? extensions : pages;
  const connected = (origin: Origin): Connections =>
    isOfPolicyAlone(origin) ? policyPages : connectedByPerson(origin);
  sealed.onEnded((origin) => {
    connectedByPerson(origin).forget(origin);
  });
  policy.onSitesChanged(() => {
    onChanged();
    void policyPages.notifyAll().catch(() => undefined);
  });
  return {
    find,
    granted,
    connected,
    connectedByPerson,
    ...changes(dependencies),
    removeOwn: async (origins) => {
      for (const origin of origins)
        await sealed.remove(origin, () => connectedByPerson(origin).end(origin));
      if (origins.some(policy.has)) await policyPages.followAll();
      world.notifyExtensionPages();
    },
    checkPermissions: async () => {
      const checks = own().map((origin) => connected(origin).check(origin));
      await Promise.all([...checks, policyPages.checkAll()]);
    },
    followPermissions: async () => {
      // At the same time: a tab that does not answer must not delay the suspension of another grant.
      const followed = own().map((origin) => connected(origin).follow(origin));
      await Promise.allSettled([...followed, policyPages.followAll()]);
      world.notifyExtensionPages();
    },
    notifyPolicyPages: policyPages.notifyAll,
    missingPolicyPatterns: policyPages.missing,
  };
}

/** Whether a grant has no effect although the browser allows it. */
function isHeld(grant: PageGrant | undefined): boolean {
  return grant !== undefined && (grant.isPaused === true || isAwaiting(grant));
}

/** The methods that change grants. */
function changes({
  sealed,
  policy,
  onChanged,
  world,
}: Dependencies): Pick<GrantLayers, 'saveOwn' | 'save' | 'requireChangeable'> {
  const changed = (isSaved: boolean): boolean => {
    if (isSaved) {
      onChanged();
      world.notifyExtensionPages();
    }
    return isSaved;
  };
  const saveOwn: SealedGrants['save'] = async (origin, change) =>
    changed(await sealed.save(origin, change));
  const requireUnblocked = (origin: Origin): void => {
    if (policy.isBlocked(origin)) throw new BrokerError('blocked_by_policy', { subject: origin });
  };
  return {
    saveOwn,
    save: async (origin, change) => {
      requireUnblocked(origin);
      const managed = policy.get(origin);
      if (managed === undefined) return saveOwn(origin, change);
      const after = change(managed);
      if (after === undefined) return false;
      await policy.change(managed, after);
      return changed(true);
    },
    requireChangeable: (origin) => {
      requireUnblocked(origin);
      if (policy.has(origin)) throw new BrokerError('managed');
    },
  };
}
