declare const brand: unique symbol;

/** A string that only the parser of its kind may make, so that two kinds of id are never mixed up. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
