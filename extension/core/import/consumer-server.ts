import * as v from 'valibot';
import { dataCenterProducts } from '../provider/data-center.ts';

/**
 * Reads where the server of a consumer is.
 * @param text what every text in it is read by
 */
export function consumerServerSchema(text: v.GenericSchema<string, string> = v.string()) {
  return v.variant('type', [
    v.object({
      type: v.literal('application-link'),
      product: v.picklist(dataCenterProducts),
      baseUrl: text,
    }),
    v.object({
      type: v.literal('oauth1'),
      requestTokenEndpoint: text,
      authorizationEndpoint: text,
      tokenEndpoint: text,
      apiBase: v.exactOptional(text),
    }),
  ]);
}

/** Where the server of an OAuth 1.0a consumer is, which Postman does not know: at a product's base URL, or at three addresses. */
export type ConsumerServer = v.InferOutput<ReturnType<typeof consumerServerSchema>>;
