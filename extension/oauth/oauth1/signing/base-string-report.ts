import type { SignatureDiagnostics } from '#core/protocol/signature-diagnostics.ts';
import { percentEncode, type Parameter } from './form-encoding.ts';
import type { SignatureBaseString } from './signature-base-string.ts';

const secretParameters = new Set(['oauth_token', 'oauth_verifier', 'oauth_session_handle']);

/** The diagnostics of a signed request, in which secret parameters are replaced by their names. */
export function diagnosticsOf(signed: SignatureBaseString): SignatureDiagnostics {
  const shown = signed.parameters.map(([name, value]): Parameter =>
    secretParameters.has(name) && value !== '' ? [name, `[${name}]`] : [name, value],
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
