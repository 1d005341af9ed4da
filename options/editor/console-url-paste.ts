import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientDraft } from '#core/client/client-configuration.ts';
import {
  readConsoleUrl,
  type ConsoleCloud,
  type ConsoleUrlContent,
  type ConsoleUrlProblem,
} from '#core/import/console-url.ts';
import { offlineAccess } from '#core/protocol/scope.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';

const typeOfCloud = {
  commercial: 'atlassian-cloud',
  'us-gov-mod': 'atlassian-gov-cloud',
} as const satisfies Record<ConsoleCloud, ProviderType>;

/** The field for the authorization URL that a developer console shows. */
export interface ConsoleUrlPaste {
  /** The text in the field. */
  readonly text: ReadonlySignal<string>;
  /** Why the URL cannot be used; undefined while the field is empty. */
  readonly problem: ReadonlySignal<ConsoleUrlProblem | undefined>;
  /** What was filled into the form; undefined unless the field contains a valid authorization URL. */
  readonly taken: ReadonlySignal<ConsoleUrlContent | undefined>;
  readonly paste: (text: string) => void;
}

/** The functions of the form that a pasted URL calls. */
interface FormPorts {
  readonly chooseType: (type: ProviderType) => void;
  readonly set: (part: Partial<ClientDraft>) => void;
}

/**
 * The scopes of the URL replace those of the form. `offline_access` is kept: no console shows it, and a session cannot be
 * refreshed without it.
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
