import type { ReadonlySignal } from '@preact/signals';
import type { Overview } from '#wire/views.ts';
import type { FlowPorts } from './flow-actions.ts';
import type { PendingActions } from './pending-actions.ts';

/** The actions of the banners, shared by popup and options. */
export interface BannerActions {
  /** Requests all host permissions that are missing. */
  readonly allowAccess: () => Promise<void>;
  /** Requests, in one prompt, the host permissions that the organization's policy needs. */
  readonly allowPolicyHosts: () => Promise<void>;
  /** Deletes damaged entries, or dismisses the notice that entries were restored. */
  readonly forgetDamaged: (keys: readonly string[]) => Promise<void>;
}

export function createBannerActions(
  { send, requestHostPatterns }: FlowPorts,
  { runAndReload, say }: PendingActions,
  overview: ReadonlySignal<
    Pick<Overview, 'missingHostPatterns' | 'missingPolicyPatterns'> | undefined
  >,
): BannerActions {
  const allow = (patterns: readonly string[] = []): Promise<void> => {
    const answer = requestHostPatterns(patterns);
    return runAndReload('allow', async () => {
      const isAllowed = await answer;
      say({
        text: [isAllowed ? 'access_allowed' : 'access_refused'],
        isWarning: !isAllowed,
      });
    });
  };
  return {
    allowAccess: () => allow(overview.value?.missingHostPatterns),
    allowPolicyHosts: () => allow(overview.value?.missingPolicyPatterns),
    forgetDamaged: (keys) => runAndReload('forget', () => send('storage.forget-damaged', { keys })),
  };
}
