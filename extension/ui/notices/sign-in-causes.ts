import type { ProviderType } from '#core/provider/provider-type.ts';
import type { FaultCode } from '#core/values/fault.ts';
import type { MessageKey } from '../i18n.ts';

/** A likely cause of a sign-in that failed. The callback URL to compare is shown with `callback`. */
export type SignInCause = 'sharing' | 'callback' | 'client_id' | 'scopes' | 'site';

type Causes = Partial<Record<FaultCode, readonly SignInCause[]>>;

const ofClouds: Causes = {
  flow_closed: ['callback', 'sharing', 'scopes', 'client_id', 'site'],
  consent_denied: ['sharing', 'site'],
  authorization_failed: ['callback', 'scopes'],
};

const ofOthers: Causes = {
  flow_closed: ['callback', 'client_id', 'scopes'],
  authorization_failed: ['callback', 'scopes'],
};

const texts: Readonly<Record<SignInCause, Readonly<Record<'cloud' | 'other', MessageKey>>>> = {
  sharing: { cloud: 'cause_sharing', other: 'cause_sharing' },
  callback: { cloud: 'cause_callback', other: 'cause_callback_provider' },
  client_id: { cloud: 'cause_client_id', other: 'cause_client_id_provider' },
  scopes: { cloud: 'cause_scopes', other: 'cause_scopes_provider' },
  site: { cloud: 'cause_site', other: 'cause_site' },
};

/**
 * What to check after a sign-in has failed, the likeliest first, with the text for each; empty when the fault itself says it. A
 * provider of OAuth 1.0a gets the callback URL with each sign-in, so nothing about it can differ.
 */
export function signInCauses(
  code: FaultCode | undefined,
  type: ProviderType | undefined,
): readonly (readonly [SignInCause, MessageKey])[] {
  if (code === undefined || type === undefined) return [];
  if (type === 'application-link' || type === 'oauth1') return [];
  const isCloud = type === 'atlassian-cloud' || type === 'atlassian-gov-cloud';
  const causes = (isCloud ? ofClouds : ofOthers)[code] ?? [];
  return causes.map((cause) => [cause, texts[cause][isCloud ? 'cloud' : 'other']]);
}

/** The faults that go away only when the client is changed. */
const faultsOfClient: readonly FaultCode[] = [
  'client_rejected',
  'product_unreachable',
  'product_not_found',
  'product_moved',
  'product_too_old',
  'product_without_links',
  'https_required',
  'seal_broken',
];

/** Whether the client has to be changed before the sign-in can succeed. */
export function isFaultOfClient(code: FaultCode | undefined): boolean {
  return code !== undefined && faultsOfClient.includes(code);
}
