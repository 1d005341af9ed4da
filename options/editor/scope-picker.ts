import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientDraft } from '#core/client/client-configuration.ts';
import { recommendedScopeLimit, isScopeToken, splitScopes } from '#core/protocol/scope.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { classicScopes } from '#core/provider/scope-catalogue.ts';

/** State and actions of choosing the scopes of a client. */
export interface ScopePicker {
  /** What is searched for in the classic scopes. */
  readonly search: Signal<string>;
  /** The chosen scopes that are not in the catalogue of the client's provider. */
  readonly typed: ReadonlySignal<readonly string[]>;
  /** The text in the field for further scopes. */
  readonly pending: Signal<string>;
  /** Whether that text is not a valid scope. */
  readonly isPendingInvalid: ReadonlySignal<boolean>;
  readonly count: ReadonlySignal<number>;
  readonly isTooMany: ReadonlySignal<boolean>;
  readonly has: (scope: string) => boolean;
  readonly toggle: (scope: string) => void;
  /** Replaces the chosen scopes. */
  readonly choose: (scopes: readonly string[]) => void;
  /** Adds the scopes in the field. Returns false and changes nothing if one of them is invalid. */
  readonly addPending: () => boolean;
}

export function createScopePicker(draft: Signal<ClientDraft>): ScopePicker {
  const pending = signal('');
  const isPendingInvalid = signal(false);
  const chosen = computed(() => draft.value.scopes);

  function choose(scopes: readonly string[]): void {
    draft.value = { ...draft.value, scopes: [...new Set(scopes)] };
  }

  return {
    search: signal(''),
    typed: computed(() =>
      chosen.value.filter((scope) => !hasCatalogue(draft.value) || !isClassic(scope)),
    ),
    pending,
    isPendingInvalid,
    count: computed(() => chosen.value.length),
    isTooMany: computed(
      () => hasCatalogue(draft.value) && chosen.value.length >= recommendedScopeLimit,
    ),
    choose,
    has: (scope) => chosen.value.includes(scope),
    toggle: (scope) => {
      const without = chosen.value.filter((other) => other !== scope);
      choose(without.length < chosen.value.length ? without : [...chosen.value, scope]);
    },
    addPending: () => {
      const scopes = splitScopes(pending.value);
      isPendingInvalid.value = !scopes.every(isScopeToken);
      if (isPendingInvalid.value) return false;
      if (scopes.length > 0) choose([...chosen.value, ...scopes]);
      pending.value = '';
      return true;
    },
  };
}

/** Whether the scopes of the client's provider are listed in the catalogue. */
export function hasCatalogue({ type }: Pick<ClientDraft, 'type'>): boolean {
  return profileOf(type).endpointSource === 'cloud';
}

function isClassic(scope: string): boolean {
  return classicScopes.some((classic) => classic.scope === scope);
}
