import type { ClientDraft } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { t, type MessageKey } from '#ui/i18n.ts';

const labels = {
  name: 'name',
  description: 'description',
  type: 'type',
  product: 'product',
  baseUrl: 'base_url',
  isHttpAllowed: 'allow_http',
  clientId: 'client_id',
  clientAuthentication: 'client_authentication',
  clientSecret: 'client_secret',
  signatureMethod: 'signature_method',
  privateKeyPem: 'private_key',
  requestTokenEndpoint: 'request_token_endpoint',
  authorizationEndpoint: 'authorization_endpoint',
  tokenEndpoint: 'token_endpoint',
  apiBase: 'api_base',
  issuer: 'issuer',
  isIssuerInResponses: 'issuer_in_responses',
  revocationEndpoint: 'revocation_endpoint',
  userinfoEndpoint: 'userinfo_endpoint',
  scopes: 'scopes',
  pkceMethod: 'pkce_method',
  authorizationParameters: 'authorization_parameters',
  tokenParameters: 'token_parameters',
  requestHeaders: 'request_headers',
} as const satisfies Readonly<Record<keyof ClientDraft, MessageKey>>;

/** What OAuth 1.0a calls otherwise. */
const oauth1Labels = {
  ...labels,
  clientId: 'consumer_key',
  clientSecret: 'shared_secret',
  authorizationEndpoint: 'authorize_url',
  tokenEndpoint: 'exchange_url',
} as const satisfies Readonly<Record<keyof ClientDraft, MessageKey>>;

/** The label of a member of a client with this type of provider: in the form of the client, and wherever the member is named. */
export function memberLabel(member: keyof ClientDraft, type: ProviderType): string {
  return t((profileOf(type).protocol === 'oauth1' ? oauth1Labels : labels)[member]);
}

/** Whether something is named that a client can have. */
export function isClientMember(name: string): name is keyof ClientDraft {
  return Object.hasOwn(labels, name);
}
