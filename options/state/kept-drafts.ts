import type { ClientDraft } from '#core/client/client-configuration.ts';
import { providerTypes } from '#core/provider/provider-type.ts';
import type { WelcomePorts } from '../welcome/welcome-store.ts';

/** The forms with unsaved changes, kept in this tab, also over a reload. Without their secrets. */
export interface KeptDrafts {
  readonly read: (key: string) => ClientDraft | undefined;
  /** Without a draft, forgets the one that is kept. */
  readonly write: (key: string, draft: ClientDraft | undefined) => void;
}

export function createKeptDrafts(area: WelcomePorts['tabTexts']): KeptDrafts {
  const nameOf = (key: string): string => `form ${key}`;
  return {
    read: (key) => draftIn(area.read(nameOf(key))),
    write: (key, draft) => {
      area.write(nameOf(key), draft === undefined ? '' : JSON.stringify(withoutSecrets(draft)));
    },
  };
}

/** An empty secret keeps the stored one. */
function withoutSecrets({ privateKeyPem: _, ...draft }: ClientDraft): ClientDraft {
  return { ...draft, clientSecret: '' };
}

function draftIn(text: string | undefined): ClientDraft | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const draft = JSON.parse(text) as ClientDraft;
    return providerTypes.includes(draft.type) ? draft : undefined;
  } catch {
    return undefined;
  }
}
