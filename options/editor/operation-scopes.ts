import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientDraft } from '#core/client/client-configuration.ts';
import { isClosedTo3lo } from '#core/operations/lacking-scopes.ts';
import { readListedCalls } from '#core/operations/listed-calls.ts';
import type { Operation } from '#core/operations/operation-table.ts';
import { smallestScopes } from '#core/operations/smallest-scopes.ts';
import { recommendedScopeLimit } from '#core/protocol/scope.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import type { Send } from '#wire/send.ts';
import type { ScopePicker } from './scope-picker.ts';

/** What was found for the typed operations. Each list has lines as they were typed. */
export interface FoundScopes {
  /** How many operations were found that 3LO apps may call. */
  readonly count: number;
  /** The smallest set of scopes that the client lacks for them. */
  readonly lacking: readonly string[];
  /** With them the client would have as many scopes as Atlassian advises against. */
  readonly isTooMany: boolean;
  /** Operations that 3LO apps may not call. */
  readonly closed: readonly string[];
  /** No published operations. */
  readonly unknown: readonly string[];
  /** No calls at all. */
  readonly unread: readonly string[];
}

/** The scopes for a list of operations. */
export interface OperationScopes {
  /** The typed operations, one a line. */
  readonly text: Signal<string>;
  /** For the text that was searched last and the scopes that are chosen now; undefined before the first search. */
  readonly found: ReadonlySignal<FoundScopes | undefined>;
  readonly pendingActions: PendingActions;
  readonly find: () => Promise<void>;
  /** Chooses the scopes that are lacking. */
  readonly add: () => void;
}

interface Searched {
  readonly unread: readonly string[];
  readonly operations: readonly { readonly line: string; readonly operation: Operation | null }[];
}

export function createOperationScopes(
  send: Send,
  draft: ReadonlySignal<ClientDraft>,
  { choose }: Pick<ScopePicker, 'choose'>,
): OperationScopes {
  const text = signal('');
  const searched = signal<Searched | undefined>(undefined);
  const pendingActions = createPendingActions();
  const found = computed(() => searched.value && foundScopes(searched.value, draft.value.scopes));
  return {
    text,
    found,
    pendingActions,
    find: async () => {
      const { calls, unread } = readListedCalls(text.peek());
      await pendingActions.run('find', async () => {
        const wanted = calls.map(({ product, method, pathname }) => ({
          product,
          method,
          pathname,
        }));
        const operations = await send('operation.find', { calls: wanted });
        searched.value = {
          unread,
          operations: calls.map(({ line }, at) => ({ line, operation: operations[at] ?? null })),
        };
      });
    },
    add: () => {
      choose([...draft.peek().scopes, ...(found.peek()?.lacking ?? [])]);
    },
  };
}

function foundScopes({ unread, operations }: Searched, chosen: readonly string[]): FoundScopes {
  const published = operations.flatMap(({ line, operation }) =>
    operation === null ? [] : [{ line, operation }],
  );
  const open = published.filter(({ operation }) => !isClosedTo3lo(operation));
  const lacking = smallestScopes(
    open.map(({ operation }) => operation),
    chosen,
  );
  return {
    count: open.length,
    lacking,
    isTooMany: lacking.length > 0 && chosen.length + lacking.length >= recommendedScopeLimit,
    closed: published.filter((one) => !open.includes(one)).map(({ line }) => line),
    unknown: operations.filter(({ operation }) => operation === null).map(({ line }) => line),
    unread,
  };
}
