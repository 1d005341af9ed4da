import type { FlowActions } from '#ui/state/flow-actions.ts';
import type { ScopeActions } from '#ui/state/scope-actions.ts';
import type { ClientView } from '#wire/views.ts';
import type { SessionsStore } from './sessions-store.ts';

/** What the view of sessions gets besides its store. */
export interface SessionContext {
  readonly store: SessionsStore;
  readonly clients: readonly ClientView[];
  readonly signIn: FlowActions['signIn'];
  readonly scopeActions: ScopeActions;
  readonly isFlowRunning: boolean;
}
