import type { ConsumerServer } from '#core/import/consumer-server.ts';
import { dataCenterProducts, type DataCenterProduct } from '#core/provider/data-center.ts';
import type { ImportedConsumerView } from './import-preview.ts';

/** The URLs in the form for the server of an imported OAuth 1.0a consumer. */
export const serverMembers = [
  'baseUrl',
  'requestTokenEndpoint',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBase',
] as const;
/** The name of a URL in the form. */
export type ServerMember = (typeof serverMembers)[number];

/** The form for the server of an imported OAuth 1.0a consumer. */
export interface ServerForm extends Readonly<Record<ServerMember, string>> {
  /** Undefined for a server that is not an Atlassian product. */
  readonly product?: DataCenterProduct | undefined;
}

/** The initial form. A consumer that signs with RSA most likely has an application link, so a product is preset. */
export function blankServer({ signatureMethod }: ImportedConsumerView): ServerForm {
  return {
    ...(signatureMethod === 'RSA-SHA1' ? { product: dataCenterProducts[0] } : {}),
    baseUrl: '',
    requestTokenEndpoint: '',
    authorizationEndpoint: '',
    tokenEndpoint: '',
    apiBase: '',
  };
}

/** The server that a form describes; members of the other type of server are left out. */
export function serverOf(form: ServerForm): ConsumerServer {
  const { product, baseUrl, apiBase, ...endpoints } = form;
  if (product !== undefined) return { type: 'application-link', product, baseUrl };
  return { type: 'oauth1', ...endpoints, ...(apiBase.trim() === '' ? {} : { apiBase }) };
}
