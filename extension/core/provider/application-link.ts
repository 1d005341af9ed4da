/** The endpoints of the OAuth 1.0a provider of a Data Center product. */
export interface ApplicationLinkEndpoints {
  readonly requestTokenEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/**
 * The OAuth 1.0a endpoints of the product at a base URL.
 * @param baseUrl with its context path, without a trailing slash
 * @see Atlassian, "OAuth" (Jira Server platform)
 */
export function applicationLinkEndpoints(baseUrl: string): ApplicationLinkEndpoints {
  const servlet = `${baseUrl}/plugins/servlet/oauth`;
  return {
    requestTokenEndpoint: `${servlet}/request-token`,
    authorizationEndpoint: `${servlet}/authorize`,
    tokenEndpoint: `${servlet}/access-token`,
  };
}

/** The steps in which an administrator sets up the link, as message keys. */
export const applicationLinkSteps = [
  'link_step_open',
  'link_step_create',
  'link_step_product',
  'link_step_incoming',
  'link_step_values',
  'link_step_continue',
] as const;
