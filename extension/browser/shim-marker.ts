/** Names the mark by which the worker says that a shim is meant where it runs; the shim takes it away at once. */
export const summons = 'threelo summons';
