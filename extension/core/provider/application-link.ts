import type { DataCenterProduct } from './data-center.ts';

/** The steps in which an administrator sets up an application link (OAuth 1.0a), as message keys. */
export const applicationLinkSteps = [
  'link_step_open',
  'link_step_create',
  'link_step_product',
  'link_step_incoming',
  'link_step_values',
  'link_step_continue',
] as const;

/** The steps in which an administrator registers Threelo as an OAuth 2.0 client, as message keys. Only the first differs by product. */
export function incomingLinkSteps(product: DataCenterProduct): readonly string[] {
  return [
    `admin_step_open_${product}`,
    'admin_step_create_link',
    'admin_step_external_incoming',
    'admin_step_redirect_url',
    'admin_step_permissions',
    'admin_step_view_credentials',
  ];
}
