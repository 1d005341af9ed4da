/** Chrome's match patterns know ports, so a pattern covers one origin and no more. */
export const arePortsInPatterns: boolean = true;
