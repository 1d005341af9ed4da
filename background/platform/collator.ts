/** Compares names as the person's language does; numbers by their value. Made once: it is costly. */
export const collator = new Intl.Collator(undefined, { numeric: true });
