import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientDraft } from '../../extension/core/client/client-configuration.ts';
import {
  recommendedScopeLimit,
  isScopeToken,
  splitScopes,
} from '../../extension/core/protocol/scope.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import {
  classicScopes,
  scopeGroups,
  type CatalogueScope,
  type ScopeGroup,
} from '../../extension/core/provider/scope-catalogue.ts';

/** Which scopes a client asks for. */
export interface ScopePicker {
  readonly search: Signal<string>;
  /** The classic scopes that the search finds, in groups; no empty group. */
  readonly groups: ReadonlySignal<readonly (readonly [ScopeGroup, readonly CatalogueScope[]])[]>;
  /** The chosen scopes that are not in the catalogue of the client's provider. */
  readonly typed: ReadonlySignal<readonly string[]>;
  /** What stands in the field for further scopes. */
  readonly pending: Signal<string>;
  /** Whether what stands there is no scope. */
  readonly isPendingWrong: ReadonlySignal<boolean>;
  readonly count: ReadonlySignal<number>;
  readonly isTooMany: ReadonlySignal<boolean>;
  readonly has: (scope: string) => boolean;
  readonly toggle: (scope: string) => void;
  /** Takes these and no others. */
  readonly choose: (scopes: readonly string[]) => void;
  /** Takes over what stands in the field; false, and nothing changed, when that is no scope. */
  readonly addPending: () => boolean;
}

/** See {@link ScopePicker}. */
export function createScopePicker(draft: Signal<ClientDraft>): ScopePicker {
  const search = signal('');
  const pending = signal('');
  const isPendingWrong = signal(false);
  const chosen = computed(() => draft.value.scopes);

  function choose(scopes: readonly string[]): void {
    draft.value = { ...draft.value, scopes: [...new Set(scopes)] };
  }

  return {
    search,
    groups: computed(() => found(search.value)),
    typed: computed(() =>
      chosen.value.filter((scope) => !hasCatalogue(draft.value) || !isClassic(scope)),
    ),
    pending,
    isPendingWrong,
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
      isPendingWrong.value = !scopes.every(isScopeToken);
      if (isPendingWrong.value) return false;
      if (scopes.length > 0) choose([...chosen.value, ...scopes]);
      pending.value = '';
      return true;
    },
  };
}

/** Whether the client's provider is one whose scopes are listed. */
export function hasCatalogue({ type }: Pick<ClientDraft, 'type'>): boolean {
  return profileOf(type).endpointSource === 'cloud';
}

function isClassic(scope: string): boolean {
  return classicScopes.some((classic) => classic.scope === scope);
}

function found(search: string): (readonly [ScopeGroup, readonly CatalogueScope[]])[] {
  const words = search
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const hits = classicScopes.filter(({ scope, description }) => {
    const text = `${scope} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return scopeGroups
    .map((group) => [group, hits.filter((hit) => hit.group === group)] as const)
    .filter(([, scopes]) => scopes.length > 0);
}
