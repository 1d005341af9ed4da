import * as v from 'valibot';
import { products, type CloudId } from './site.ts';

/** Cloud ids are UUIDs, but Atlassian does not specify that: any id that is safe in a path is accepted. */
export const CloudIdSchema = v.custom<CloudId>(
  (input) => typeof input === 'string' && /^[A-Za-z0-9-]{1,64}$/u.test(input),
);
export const ProductSchema = v.picklist(products);
/** Reads a {@link SiteKey}. */
export const SiteKeySchema = v.object({ cloudId: CloudIdSchema, product: ProductSchema });
