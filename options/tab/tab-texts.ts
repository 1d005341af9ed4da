/** Texts by name, which end with the tab; a reload keeps them. */
export interface TabTexts {
  readonly read: (name: string) => string | undefined;
  /** Throws when there is no room. */
  readonly write: (name: string, text: string) => void;
}

/** The members of the object that was kept under a name, unchecked; none when nothing was kept, or no JSON. */
export function keptObject(texts: TabTexts, name: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(texts.read(name) ?? '{}')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Keeps an object. One that is too large is not kept: it stays in the form. */
export function keepObject(texts: TabTexts, name: string, value: object): void {
  try {
    texts.write(name, JSON.stringify(value));
  } catch {
    // There is no room.
  }
}
