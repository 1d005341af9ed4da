/** The steps in which an administrator sets up an application link (OAuth 1.0a), as message keys. */
export const applicationLinkSteps = [
  'link_step_open',
  'link_step_create',
  'link_step_product',
  'link_step_incoming',
  'link_step_values',
  'link_step_continue',
] as const;
