import type { Settings } from '../values/settings.ts';
import { atlassianCloud, atlassianGovCloud } from './atlassian-cloud.ts';
import { dataCenterProvider } from './data-center-oauth2.ts';
import { genericProvider, googleProvider, microsoftProvider } from './generic-google-microsoft.ts';
import { applicationLink, oauth1Provider } from './oauth1.ts';
import type { ProviderProfile, ProviderType } from './provider-type.ts';

const profiles: Readonly<Record<ProviderType, ProviderProfile>> = {
  'atlassian-cloud': atlassianCloud,
  'atlassian-gov-cloud': atlassianGovCloud,
  'data-center': dataCenterProvider,
  'application-link': applicationLink,
  generic: genericProvider,
  google: googleProvider,
  microsoft: microsoftProvider,
  oauth1: oauth1Provider,
};

/** The profile of a provider type. */
export function profileOf(type: ProviderType): ProviderProfile {
  return profiles[type];
}

/** How long a provider accepts a refresh token after its rotation, in milliseconds; `Infinity` without a limit. */
export function retryWindowMs(type: ProviderType, settings: Settings): number {
  const { retryWindow } = profileOf(type);
  if (retryWindow === 'unlimited') return Infinity;
  return retryWindow === 'none' ? 0 : settings[retryWindow] * 1000;
}

/** The lifetime of an unused refresh token, in milliseconds: the provider's, or the one in the settings. */
export function refreshTokenLifetimeMs(type: ProviderType, settings: Settings): number {
  const days = profileOf(type).refreshTokenLifetimeDays ?? settings.refreshTokenDurationDays;
  return days * 86_400_000;
}
