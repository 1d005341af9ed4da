/** Reverses the text that follows, and is not seen. */
const hidden = '\u202E';
const named = ['name', 'label', 'email', 'clientName', 'otherHost', 'consumerKey'];

/** The same with a hidden character in everything that a server or a person named. */
export function withHidden<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, member: unknown) =>
    named.includes(key) && typeof member === 'string' ? `${member}${hidden}gnp` : member,
  ) as T;
}

/** Texts and attributes of the document that have it as it is, and how often it is shown by its number. */
export function hiddenIn(shown: Document): { readonly raw: string[]; readonly shown: number } {
  const raw: string[] = [];
  for (const element of shown.querySelectorAll('*')) {
    for (const { name, value } of element.attributes)
      // A form that is sent has what was named, not what is shown.
      if (value.includes(hidden) && name !== 'value') raw.push(`${element.localName} ${name}`);
    for (const { nodeType, textContent } of element.childNodes)
      if (nodeType === 3 && textContent?.includes(hidden) === true) raw.push(textContent);
  }
  return { raw, shown: shown.body.textContent.split('U+202E').length - 1 };
}
