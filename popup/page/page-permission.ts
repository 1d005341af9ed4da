import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Origin } from '#core/values/origin.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { RequestOf } from '#wire/commands.ts';

/** `asking` while the browser's permission prompt is open; `refused` if the person denied it. */
export type PermissionState = 'idle' | 'asking' | 'refused';

/** The browser's permission for a page. */
export interface PagePermission {
  /** What came of the request for the page in front. */
  readonly state: ReadonlySignal<PermissionState>;
  /** To be called when what was refused is not shown any more. */
  readonly reset: () => void;
  /**
   * Requests the permission. Only works within a click, before any `await`. Resolves to whether the page has it.
   * @param grant - the connection that the worker makes as soon as the page has the permission
   */
  readonly request: (origin: Origin, grant?: RequestOf<'grant.prepare'>) => Promise<boolean>;
}

/** Dependencies of what is about the page in front. */
export interface PagePermissionPorts extends HostPermissionPorts {
  readonly page: ReadonlySignal<{ readonly origin?: Origin }>;
}

export function createPagePermission(
  { send, hostPattern, requestHostPatterns, page }: PagePermissionPorts,
  { run }: Pick<PendingActions, 'run'>,
): PagePermission {
  const last = signal<{ readonly origin?: Origin; readonly state: PermissionState }>({
    state: 'idle',
  });
  return {
    state: computed(() => (last.value.origin === page.value.origin ? last.value.state : 'idle')),
    reset: () => {
      last.value = { state: 'idle' };
    },
    request: async (origin, grant) => {
      const patterns = [hostPattern(origin)];
      const prepared = grant && send('grant.prepare', grant);
      const answer = prepared
        ? requestHostPatterns(patterns, prepared)
        : requestHostPatterns(patterns);
      last.value = { origin, state: 'asking' };
      const isDone = await run('connect', () => Promise.all([answer, prepared]));
      const isAllowed = isDone && (await answer);
      const isRefused = isDone && !isAllowed;
      last.value = { origin, state: isRefused ? 'refused' : 'idle' };
      // Said here, so the worker has nothing to say of it later.
      if (isRefused && grant !== undefined)
        await run('unprepare', () => send('grant.unprepare', { origin }));
      return isAllowed;
    },
  };
}
