import * as v from 'valibot';
import { dataCenterProducts } from './data-center.ts';
import { pkceMethods, signatureMethods, type ProviderMember } from './provider-type.ts';

/**
 * The schema entries of `ProviderMembers`: the same for stored, imported and sent configurations.
 * @param text the schema of every string in them
 */
export function providerMemberSchemas(text: v.GenericSchema<string, string> = v.string()) {
  const parameters = v.pipe(v.record(text, text), v.readonly());
  return {
    apiBase: v.exactOptional(text),
    baseUrl: v.exactOptional(text),
    product: v.exactOptional(v.picklist(dataCenterProducts)),
    isHttpAllowed: v.exactOptional(v.boolean()),
    authorizationParameters: v.exactOptional(parameters),
    tokenParameters: v.exactOptional(parameters),
    requestHeaders: v.exactOptional(parameters),
    issuer: v.exactOptional(text),
    isIssuerInResponses: v.exactOptional(v.boolean()),
    revocationEndpoint: v.exactOptional(text),
    userinfoEndpoint: v.exactOptional(text),
    pkceMethod: v.exactOptional(v.picklist(pkceMethods)),
    requestTokenEndpoint: v.exactOptional(text),
    signatureMethod: v.exactOptional(v.picklist(signatureMethods)),
  } as const satisfies Readonly<Record<ProviderMember, unknown>>;
}
