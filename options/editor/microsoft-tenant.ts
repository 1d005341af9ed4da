import type { ClientDraft } from '#core/client/client-configuration.ts';

/** The tenant that accepts all accounts. */
export const anyTenant = 'common';

const endpointForm = /^(https:\/\/[^/]+\/)([^/?#]*)(\/oauth2\/v2\.0\/(?:authorize|token))$/u;

type Endpoints = Pick<ClientDraft, 'authorizationEndpoint' | 'tokenEndpoint'>;

/**
 * The tenant in both endpoints; undefined if it differs, or if they have another form.
 * @see Microsoft, "Microsoft identity platform and OAuth 2.0 authorization code flow"
 */
export function tenantOf({ authorizationEndpoint, tokenEndpoint }: Endpoints): string | undefined {
  const [tenant, other] = [authorizationEndpoint, tokenEndpoint].map(
    (endpoint) => endpointForm.exec(endpoint.trim())?.[2],
  );
  return tenant === other ? tenant : undefined;
}

/**
 * The endpoints with another tenant: its ID or one of its domains. Characters that neither can contain are removed; the
 * tenant for all accounts is used if nothing is left.
 */
export function withTenant(
  { authorizationEndpoint, tokenEndpoint }: Endpoints,
  tenant: string,
): Endpoints {
  const segment = tenant.replaceAll(/[^\w.-]/gu, '') || anyTenant;
  const renamed = (endpoint: string): string =>
    endpoint
      .trim()
      .replace(endpointForm, (_, host: string, __, rest: string) => `${host}${segment}${rest}`);
  return {
    authorizationEndpoint: renamed(authorizationEndpoint),
    tokenEndpoint: renamed(tokenEndpoint),
  };
}
