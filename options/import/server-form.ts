import type { ConsumerServer } from '#core/import/consumer-server.ts';
import { dataCenterProducts, type DataCenterProduct } from '#core/provider/data-center.ts';
import type { ImportedConsumerView } from '#wire/views.ts';

/** The form for the server of an imported OAuth 1.0a consumer. */
export interface ServerForm {
  /** Undefined for a server that is not an Atlassian product. */
  readonly product?: DataCenterProduct | undefined;
  readonly baseUrl: string;
  readonly requestTokenEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly apiBase: string;
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
  const { product, baseUrl, requestTokenEndpoint, authorizationEndpoint, tokenEndpoint } = form;
  if (product !== undefined) return { type: 'application-link', product, baseUrl };
  const { apiBase } = form;
  return {
    type: 'oauth1',
    requestTokenEndpoint,
    authorizationEndpoint,
    tokenEndpoint,
    ...(apiBase.trim() === '' ? {} : { apiBase }),
  };
}
