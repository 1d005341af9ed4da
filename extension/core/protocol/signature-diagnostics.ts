/**
 * What was signed for one request, to be laid beside what the server signed. The token, the verifier and the session
 * handle are replaced by their names: a server that differs does so in the address, the order or the encoding.
 */
export interface SignatureDiagnostics {
  readonly method: string;
  readonly baseUri: string;
  /** Decoded once, as the server sees them after it has read the request. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** The base string with the same replacements. */
  readonly baseString: string;
  /** How many characters the true base string has. */
  readonly baseStringLength: number;
}
