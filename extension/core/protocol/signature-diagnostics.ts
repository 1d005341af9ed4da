/**
 * What was signed for one request, for comparison with what the server signed. The token, the verifier and the session
 * handle are replaced by their names: differences are in the URL, the order or the encoding.
 */
export interface SignatureDiagnostics {
  readonly method: string;
  readonly baseUri: string;
  /** Decoded, as the server has them after it parsed the request. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** The base string with the same replacements. */
  readonly baseString: string;
  /** The length of the real base string, in characters. */
  readonly baseStringLength: number;
}
