/** Key of the symbol that the worker sets on `window` before it injects a shim; the shim removes it at once. */
export const shimMarker = 'threelo shim marker';
