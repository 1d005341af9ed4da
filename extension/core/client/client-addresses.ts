import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderMember, ProviderProfile, ProviderType } from '../provider/provider-type.ts';
import type { FieldProblemName } from '../values/fault.ts';
import { hasAmbiguousHost } from '../values/origin.ts';
import { isCloudHost, readBaseUrl } from './base-url.ts';

/** The maximum length of a field in UTF-16 code units; the same as in Data Center's OAuth 2.0 client. */
const maxFieldLength = 255;

/** The members of a configuration that are URLs: its secrets and tokens are sent only there. */
export const addressFields = [
  'baseUrl',
  'apiBase',
  'issuer',
  'requestTokenEndpoint',
  'authorizationEndpoint',
  'tokenEndpoint',
  'revocationEndpoint',
  'userinfoEndpoint',
] as const;
/** One of {@link addressFields}. */
export type AddressField = (typeof addressFields)[number];

/** The URLs of a configuration, with the members that decide which URLs are valid. */
export interface ClientAddresses extends Readonly<
  Partial<Record<Extract<AddressField, ProviderMember>, string>>
> {
  readonly type: ProviderType;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly isHttpAllowed?: boolean;
}

type Problems = Readonly<Partial<Record<AddressField, FieldProblemName | undefined>>>;
type Check = (addresses: ClientAddresses, profile: ProviderProfile) => Problems;

/**
 * What is wrong with the URLs of a configuration. Its secrets and tokens may be sent to them only when nothing is: those
 * of one Atlassian cloud never to another cloud, and those of any other provider never to an Atlassian cloud.
 */
export function addressProblems(addresses: ClientAddresses): Problems {
  const profile = profileOf(addresses.type);
  return {
    ...checkOptionalAddresses(addresses),
    ...endpointChecks[profile.endpointSource](addresses, profile),
  };
}

/** Whether tokens and secrets of a configuration may be sent to the URL in this field. */
export function isAddressAllowed(addresses: ClientAddresses, field: AddressField): boolean {
  return addressProblems(addresses)[field] === undefined;
}

const endpointChecks: Readonly<Record<ProviderProfile['endpointSource'], Check>> = {
  cloud: (addresses, profile) => {
    if (addresses.apiBase !== undefined) return checkIsolatedCloud(addresses);
    return checkHosts(addresses, profile.endpointHosts);
  },
  'fixed-hosts': (addresses, profile) => checkHosts(addresses, profile.endpointHosts),
  'base-url': ({ type, baseUrl = '', isHttpAllowed, ...addresses }) => {
    const read = readBaseUrl(baseUrl, { isHttpAllowed: isHttpAllowed === true });
    if ('problem' in read) return { baseUrl: read.problem, ...uncheckedEndpoints };
    const { authorizationEndpoint, tokenEndpoint } = endpointsAt(type, read.baseUrl);
    return {
      baseUrl: read.baseUrl === baseUrl ? textProblem(baseUrl, true) : 'url_invalid',
      authorizationEndpoint: derivedProblem(addresses.authorizationEndpoint, authorizationEndpoint),
      tokenEndpoint: derivedProblem(addresses.tokenEndpoint, tokenEndpoint),
    };
  },
  person: (addresses, { members }) => ({
    ...(members.includes('requestTokenEndpoint') && addresses.requestTokenEndpoint === undefined
      ? { requestTokenEndpoint: 'required' }
      : {}),
    authorizationEndpoint: nonCloudUrlProblem(addresses.authorizationEndpoint, addresses),
    tokenEndpoint: nonCloudUrlProblem(addresses.tokenEndpoint, addresses),
  }),
};

/** The endpoints are derived from the base URL, and its problem is reported in their place. */
const uncheckedEndpoints: Problems = {
  authorizationEndpoint: undefined,
  tokenEndpoint: undefined,
};

/** The URLs that a configuration may lack. None may be on a host of an Atlassian cloud. */
function checkOptionalAddresses(addresses: ClientAddresses): Problems {
  const fields = [
    'apiBase',
    'issuer',
    'revocationEndpoint',
    'userinfoEndpoint',
    'requestTokenEndpoint',
  ] as const;
  const checked = fields.map((field): [AddressField, FieldProblemName | undefined] => {
    const text = addresses[field];
    return [field, text === undefined ? undefined : nonCloudUrlProblem(text, addresses)];
  });
  return Object.fromEntries(checked);
}

/** An isolated cloud has one authorization server, and no URL on the hosts of Atlassian's known clouds. */
function checkIsolatedCloud(addresses: ClientAddresses): Problems {
  const { authorizationEndpoint, tokenEndpoint } = addresses;
  const problems = endpointChecks.person(addresses, profileOf(addresses.type));
  const isOneHost =
    problems.authorizationEndpoint !== undefined ||
    problems.tokenEndpoint !== undefined ||
    new URL(authorizationEndpoint).host === new URL(tokenEndpoint).host;
  return isOneHost ? problems : { ...problems, tokenEndpoint: 'url_not_this_cloud' };
}

function checkHosts(addresses: ClientAddresses, hosts: readonly string[]): Problems {
  const problemOf = (text: string): FieldProblemName | undefined =>
    urlProblem(text, false) ??
    (hosts.includes(new URL(text).host) ? undefined : 'url_not_this_cloud');
  return {
    authorizationEndpoint: problemOf(addresses.authorizationEndpoint),
    tokenEndpoint: problemOf(addresses.tokenEndpoint),
  };
}

function nonCloudUrlProblem(
  text: string,
  { isHttpAllowed }: ClientAddresses,
): FieldProblemName | undefined {
  const problem = urlProblem(text, isHttpAllowed === true);
  return problem ?? (isCloudHost(new URL(text).hostname) ? 'url_of_cloud' : undefined);
}

function urlProblem(text: string, isHttpAllowed: boolean): FieldProblemName | undefined {
  const problem = textProblem(text, true);
  if (problem) return problem;
  if (!URL.canParse(text)) return 'url_invalid';
  const url = new URL(text);
  if (url.protocol === 'http:' && !isHttpAllowed) return 'url_not_https';
  if (!/^https?:$/u.test(url.protocol) || hasAmbiguousHost(url)) return 'url_invalid';
  return url.hash !== '' || url.username !== '' || url.password !== '' ? 'url_invalid' : undefined;
}

/** What is wrong with the length of a field. */
export function textProblem(text: string, isRequired: boolean): FieldProblemName | undefined {
  if (text === '') return isRequired ? 'required' : undefined;
  return text.length > maxFieldLength ? 'too_long' : undefined;
}

function derivedProblem(text: string, derived: string): FieldProblemName | undefined {
  return text === derived ? undefined : 'url_invalid';
}
