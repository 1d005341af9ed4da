import { pkcs8PemOf } from '../rsa-key/pem.ts';
import type { FieldProblem } from '../values/fault.ts';
import type { ClientDraft } from './client-configuration.ts';

/** The draft with its private key, if it has one, as the worker accepts it: PKCS#8 in PEM. Or why it is not a usable key. */
export function withPkcs8(
  draft: ClientDraft,
): { readonly draft: ClientDraft } | { readonly problem: FieldProblem } {
  if (draft.privateKeyPem === undefined) return { draft };
  const read = pkcs8PemOf(draft.privateKeyPem);
  return 'problem' in read
    ? { problem: { field: 'privateKeyPem', problem: `key_${read.problem}` } }
    : { draft: { ...draft, privateKeyPem: read.pem } };
}
