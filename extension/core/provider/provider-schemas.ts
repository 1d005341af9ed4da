import * as v from 'valibot';
import { dataCenterProducts } from './data-center.ts';
import { pkceMethods, signatureMethods, type ProviderMember } from './provider-type.ts';

/**
 * The members of `ProviderMembers` as entries of an object's schema, so that what is stored, imported and sent between
 * contexts reads them alike.
 * @param text what every text in them is read by
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
    issuer: v.exactOptional(text),
    isIssuerInResponses: v.exactOptional(v.boolean()),
    revocationEndpoint: v.exactOptional(text),
    userinfoEndpoint: v.exactOptional(text),
    pkceMethod: v.exactOptional(v.picklist(pkceMethods)),
    requestTokenEndpoint: v.exactOptional(text),
    signatureMethod: v.exactOptional(v.picklist(signatureMethods)),
  } as const satisfies Readonly<Record<ProviderMember, unknown>>;
}
