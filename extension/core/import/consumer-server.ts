import * as v from 'valibot';
import { dataCenterProducts } from '../provider/data-center.ts';

/**
 * The schema of {@link ConsumerServer}.
 * @param text the schema of every string in it
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

/** The server of an OAuth 1.0a consumer, which a Postman export does not name: a product's base URL, or three endpoints. */
export type ConsumerServer = v.InferOutput<ReturnType<typeof consumerServerSchema>>;
