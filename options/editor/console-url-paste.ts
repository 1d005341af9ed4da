import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientDraft } from '../../extension/core/client/client-configuration.ts';
import {
  readConsoleUrl,
  type ConsoleCloud,
  type ConsoleUrlContent,
  type ConsoleUrlProblem,
} from '../../extension/core/import/console-url.ts';
import { offlineAccess } from '../../extension/core/protocol/scope.ts';
import type { ProviderType } from '../../extension/core/provider/provider-type.ts';

const typeOfCloud = {
  commercial: 'atlassian-cloud',
  'us-gov-mod': 'atlassian-gov-cloud',
} as const satisfies Record<ConsoleCloud, ProviderType>;

/** The field for the authorization URL that a developer console shows. */
export interface ConsoleUrlPaste {
  /** What stands in the field. */
  readonly text: ReadonlySignal<string>;
  /** What keeps it from being taken over; undefined while the field is empty. */
  readonly problem: ReadonlySignal<ConsoleUrlProblem | undefined>;
  /** What was taken over into the form; undefined unless the field holds a URL of a console. */
  readonly taken: ReadonlySignal<ConsoleUrlContent | undefined>;
  readonly paste: (text: string) => void;
}

/** What of the form a pasted URL changes. */
interface FormPorts {
  readonly chooseType: (type: ProviderType) => void;
  readonly set: (part: Partial<ClientDraft>) => void;
}

/**
 * See {@link ConsoleUrlPaste}. Scopes that the URL names replace those of the form, but for `offline_access`, which no
 * console shows and which every session needs to be renewed.
 */
export function createConsoleUrlPaste({ chooseType, set }: FormPorts): ConsoleUrlPaste {
  const text = signal('');
  const read = computed(() => (text.value === '' ? undefined : readConsoleUrl(text.value)));
  const taken = computed(() =>
    read.value !== undefined && 'content' in read.value ? read.value.content : undefined,
  );
  return {
    text,
    problem: computed(() =>
      read.value !== undefined && 'problem' in read.value ? read.value.problem : undefined,
    ),
    taken,
    paste: (pasted) => {
      batch(() => {
        text.value = pasted;
        if (taken.value === undefined) return;
        const { cloud, clientId, scopes } = taken.value;
        chooseType(typeOfCloud[cloud]);
        set({
          clientId,
          ...(scopes.length === 0 ? {} : { scopes: [...new Set([...scopes, offlineAccess])] }),
        });
      });
    },
  };
}
