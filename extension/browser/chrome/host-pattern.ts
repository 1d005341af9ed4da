/** Chrome's match patterns can contain a port, so a pattern can match exactly one origin. */
export const arePortsInPatterns: boolean = true;
