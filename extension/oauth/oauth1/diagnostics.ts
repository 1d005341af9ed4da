import { percentEncode, type Parameter } from './form-encoding.ts';
import type { SignatureBaseString } from './signature-base-string.ts';

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

const withheld = new Set(['oauth_token', 'oauth_verifier', 'oauth_session_handle']);

/** The diagnostics of a signed request. */
export function diagnosticsOf(signed: SignatureBaseString): SignatureDiagnostics {
  const shown = signed.parameters.map(([name, value]): Parameter =>
    withheld.has(name) && value !== '' ? [name, `[${name}]`] : [name, value],
  );
  const normalised = shown.map(([name, value]) => `${name}=${value}`).join('&');
  return {
    method: signed.method,
    baseUri: signed.baseUri,
    parameters: shown.map(([name, value]) => ({
      name: decodeURIComponent(name),
      value: decodeURIComponent(value),
    })),
    baseString: [signed.method, signed.baseUri, normalised].map(percentEncode).join('&'),
    baseStringLength: signed.text.length,
  };
}
