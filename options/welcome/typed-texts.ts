import type { ClientId } from '#core/client/client-configuration.ts';
import { accessLevels, type Access } from '#core/grant/page-grant.ts';
import { keepObject, keptObject, type TabTexts } from '../tab/tab-texts.ts';

/** What was done in the first run. Never the client secret, which is kept in memory until it is saved. */
export interface Typed {
  readonly name?: string;
  readonly clientId?: string;
  readonly access?: Access;
  readonly hasCopied?: boolean;
  /** The client that was saved. */
  readonly savedAs?: ClientId;
}

const key = 'welcome';

/** What was typed in the first run, as long as its tab is open. */
export function createTypedTexts(texts: TabTexts): {
  readonly read: () => Typed;
  readonly write: (typed: Typed) => void;
} {
  return {
    read: () => typedOf(keptObject(texts, key)),
    write: (typed) => {
      keepObject(texts, key, typed);
    },
  };
}

/** The members that have the expected types. */
function typedOf(raw: Readonly<Record<string, unknown>>): Typed {
  const { name, clientId, access, hasCopied, savedAs } = raw;
  const level = accessLevels.find((one) => one === access);
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof clientId === 'string' ? { clientId } : {}),
    ...(level === undefined ? {} : { access: level }),
    ...(hasCopied === true ? { hasCopied } : {}),
    ...(typeof savedAs === 'string' ? { savedAs: savedAs as ClientId } : {}),
  };
}
