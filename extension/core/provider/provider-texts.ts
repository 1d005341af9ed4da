import type { ProviderType } from './provider-type.ts';

/** What only the extension's pages show of a provider type. Not in its profile, which the worker loads too. */
export interface ProviderTexts {
  /** The name, not translated. */
  readonly label: string;
  /** The page on which a person registers an app; absent when that is in the administration of the product. */
  readonly consoleUrl?: string;
}

/** The texts of each provider type. */
export const providerTexts: Readonly<Record<ProviderType, ProviderTexts>> = {
  'atlassian-cloud': {
    label: 'Atlassian Cloud',
    consoleUrl: 'https://developer.atlassian.com/console/myapps/',
  },
  'atlassian-gov-cloud': {
    label: 'Atlassian Government Cloud',
    consoleUrl: 'https://developer.atlassian-us-gov-mod.com/console/myapps/',
  },
  'data-center': { label: 'Atlassian Data Center' },
  'application-link': { label: 'Atlassian application link (OAuth 1.0a)' },
  generic: { label: 'OAuth 2.0' },
  google: { label: 'Google', consoleUrl: 'https://console.cloud.google.com/apis/credentials' },
  microsoft: {
    label: 'Microsoft',
    consoleUrl:
      'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
  },
  oauth1: { label: 'OAuth 1.0a' },
};
