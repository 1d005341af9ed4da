/** Firefox's match patterns have no ports: a pattern covers every port of its host. */
export const arePortsInPatterns: boolean = false;
