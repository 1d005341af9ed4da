/** Firefox's match patterns cannot contain a port: a pattern matches every port of its host. */
export const arePortsInPatterns: boolean = false;
