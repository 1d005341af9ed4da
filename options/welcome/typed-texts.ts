import type { ClientId } from '#core/client/client-configuration.ts';
import { accessLevels, type Access } from '#core/grant/page-grant.ts';

/** Keeps texts by name. */
export interface TextArea {
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, text: string) => void;
}

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
export function createTypedTexts(area: TextArea): {
  readonly read: () => Typed;
  readonly write: (typed: Typed) => void;
} {
  return {
    read: () => typedOf(parseJson(area.read(key))),
    write: (typed) => {
      area.write(key, JSON.stringify(typed));
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

function parseJson(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text ?? '{}')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
