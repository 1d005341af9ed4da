import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderMember, ProviderProfile, ProviderType } from '../provider/provider-type.ts';
import type { FieldProblemName } from '../values/fault.ts';
import { isCloudHost, readBaseUrl } from './base-url.ts';

/** The longest text a field takes, in UTF-16 code units; the same as Data Center's OAuth 2.0 client. */
export const longestField = 255;

/** The members of a configuration that are addresses: where secrets and tokens may go. */
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
/** See {@link addressFields}. */
export type AddressField = (typeof addressFields)[number];

/** The addresses of a configuration, with what they are judged by. */
export interface ClientAddresses extends Readonly<
  Partial<Record<Extract<AddressField, ProviderMember>, string>>
> {
  readonly type: ProviderType;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly isHttpAllowed?: boolean;
}

type Problems = Readonly<Partial<Record<AddressField, FieldProblemName | undefined>>>;
type Judge = (addresses: ClientAddresses, profile: ProviderProfile) => Problems;

/**
 * What is wrong with the addresses of a configuration; empty when its secrets and tokens may be sent there. What is
 * of one cloud never goes to another, and what is of none never goes to a cloud.
 */
export function addressProblems(addresses: ClientAddresses): Problems {
  const profile = profileOf(addresses.type);
  return { ...ownAddresses(addresses), ...judges[profile.addresses](addresses, profile) };
}

/** Whether tokens and secrets of a configuration may be sent to an address in one of its members. */
export function isEndpointOf(addresses: ClientAddresses, field: AddressField): boolean {
  return addressProblems(addresses)[field] === undefined;
}

const judges: Readonly<Record<ProviderProfile['addresses'], Judge>> = {
  cloud: (addresses, profile) => {
    if (addresses.apiBase !== undefined) return ownCloud(addresses);
    return onHosts(addresses, profile.endpointHosts);
  },
  hosts: (addresses, profile) => onHosts(addresses, profile.endpointHosts),
  derived: ({ type, baseUrl = '', isHttpAllowed, ...addresses }) => {
    const read = readBaseUrl(baseUrl, { isHttpAllowed: isHttpAllowed === true });
    if ('problem' in read) return { baseUrl: read.problem, ...unjudgedEndpoints };
    const { authorizationEndpoint, tokenEndpoint } = endpointsAt(type, read.baseUrl);
    return {
      baseUrl: read.baseUrl === baseUrl ? textProblem(baseUrl) : 'url_invalid',
      authorizationEndpoint: isSame(addresses.authorizationEndpoint, authorizationEndpoint),
      tokenEndpoint: isSame(addresses.tokenEndpoint, tokenEndpoint),
    };
  },
  own: (addresses, { members }) => ({
    ...(members.includes('requestTokenEndpoint') && addresses.requestTokenEndpoint === undefined
      ? { requestTokenEndpoint: 'required' }
      : {}),
    authorizationEndpoint: foreignProblem(addresses.authorizationEndpoint, addresses),
    tokenEndpoint: foreignProblem(addresses.tokenEndpoint, addresses),
  }),
};

/** They follow from the base URL, and are told about there. */
const unjudgedEndpoints: Problems = {
  authorizationEndpoint: undefined,
  tokenEndpoint: undefined,
};

/** The optional addresses, each of a host that is no cloud's. */
function ownAddresses(addresses: ClientAddresses): Problems {
  const fields = [
    'apiBase',
    'issuer',
    'revocationEndpoint',
    'userinfoEndpoint',
    'requestTokenEndpoint',
  ] as const;
  const judged = fields.map((field): [AddressField, FieldProblemName | undefined] => {
    const text = addresses[field];
    return [field, text === undefined ? undefined : foreignProblem(text, addresses)];
  });
  return Object.fromEntries(judged);
}

/** A cloud of its own: one authorization server, and nothing of it on the hosts of another cloud. */
function ownCloud(addresses: ClientAddresses): Problems {
  const { authorizationEndpoint, tokenEndpoint } = addresses;
  const problems = judges.own(addresses, profileOf(addresses.type));
  const isOneHost =
    problems.authorizationEndpoint !== undefined ||
    problems.tokenEndpoint !== undefined ||
    new URL(authorizationEndpoint).host === new URL(tokenEndpoint).host;
  return isOneHost ? problems : { ...problems, tokenEndpoint: 'url_not_this_cloud' };
}

function onHosts(addresses: ClientAddresses, hosts: readonly string[]): Problems {
  const judge = (text: string): FieldProblemName | undefined =>
    urlProblem(text, false) ??
    (hosts.includes(new URL(text).host) ? undefined : 'url_not_this_cloud');
  return {
    authorizationEndpoint: judge(addresses.authorizationEndpoint),
    tokenEndpoint: judge(addresses.tokenEndpoint),
  };
}

function foreignProblem(
  text: string,
  { isHttpAllowed }: ClientAddresses,
): FieldProblemName | undefined {
  const problem = urlProblem(text, isHttpAllowed === true);
  return problem ?? (isCloudHost(new URL(text).hostname) ? 'url_of_cloud' : undefined);
}

function urlProblem(text: string, isHttpAllowed: boolean): FieldProblemName | undefined {
  const problem = textProblem(text);
  if (problem) return problem;
  if (!URL.canParse(text)) return 'url_invalid';
  const url = new URL(text);
  if (url.protocol === 'http:' && !isHttpAllowed) return 'url_not_https';
  if (!/^https?:$/u.test(url.protocol)) return 'url_invalid';
  return url.hash !== '' || url.username !== '' || url.password !== '' ? 'url_invalid' : undefined;
}

function textProblem(text: string): FieldProblemName | undefined {
  if (text === '') return 'required';
  return text.length > longestField ? 'too_long' : undefined;
}

function isSame(text: string, derived: string): FieldProblemName | undefined {
  return text === derived ? undefined : 'url_invalid';
}
