import type { DataCenterProduct } from '../provider/data-center.ts';

/** The server of an OAuth 1.0a consumer, which a Postman export does not name: a product's base URL, or three endpoints. */
export type ConsumerServer =
  | {
      readonly type: 'application-link';
      readonly product: DataCenterProduct;
      readonly baseUrl: string;
    }
  | {
      readonly type: 'oauth1';
      readonly requestTokenEndpoint: string;
      readonly authorizationEndpoint: string;
      readonly tokenEndpoint: string;
      readonly apiBase?: string;
    };
