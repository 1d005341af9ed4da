/** Shorter RSA keys are rejected, in bits: servers do not accept them. */
export const minKeyBits = 1024;
