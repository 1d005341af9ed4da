import type { ClientDraft } from '#core/client/client-configuration.ts';
import { providerTypes } from '#core/provider/provider-type.ts';
import { keepObject, keptObject, type TabTexts } from '../tab/tab-texts.ts';

/** The forms with unsaved changes, kept in this tab, also over a reload. Without their secrets. */
export interface KeptDrafts {
  readonly read: (key: string) => ClientDraft | undefined;
  /** Without a draft, forgets the one that is kept. */
  readonly write: (key: string, draft: ClientDraft | undefined) => void;
}

export function createKeptDrafts(texts: TabTexts): KeptDrafts {
  const nameOf = (key: string): string => `form ${key}`;
  return {
    read: (key) => draftIn(keptObject(texts, nameOf(key))),
    write: (key, draft) => {
      keepObject(texts, nameOf(key), draft === undefined ? {} : withoutSecrets(draft));
    },
  };
}

/** An empty secret keeps the stored one. */
function withoutSecrets({ privateKeyPem: _, ...draft }: ClientDraft): ClientDraft {
  return { ...draft, clientSecret: '' };
}

function draftIn(kept: Partial<ClientDraft>): ClientDraft | undefined {
  return providerTypes.some((type) => type === kept.type) ? (kept as ClientDraft) : undefined;
}
