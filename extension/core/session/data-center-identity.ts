import * as v from 'valibot';
import type { DataCenterProduct } from '../provider/data-center.ts';
import type { Account } from './session.ts';

/** The parts of a response that identify the user. */
export interface IdentityResponse {
  readonly status: number;
  /** The body as parsed JSON; undefined when it is not JSON. */
  readonly body: unknown;
  /** The header {@link userNameHeader}; null without one. */
  readonly userName: string | null;
  /** The header `WWW-Authenticate`; null without one. */
  readonly challenge: string | null;
  /** The header {@link loginReasonHeader}; null without one. */
  readonly loginReason: string | null;
}

/** The user that a product recognizes by the token. */
export type Identity =
  | { readonly kind: 'user'; readonly account: Account }
  /** The token was not accepted, whatever the status is: for an invalid token a product may send 200 and public data. */
  | { readonly kind: 'anonymous' }
  /** The response does not identify the user: a server error, or the response of an intermediary. */
  | { readonly kind: 'unknown' };

/** The response header in which Jira and Bitbucket name the user. */
export const userNameHeader = 'x-ausername';
/** The response header in which the login of Jira, Confluence and Bamboo reports its result. */
export const loginReasonHeader = 'x-seraph-loginreason';

/** The resource that identifies the user, relative to the base URL of each product. Bitbucket sends it in the header only. */
export const identityPaths: Readonly<Record<DataCenterProduct, string>> = {
  jira: '/rest/api/2/myself',
  confluence: '/rest/api/user/current',
  bitbucket: '/rest/api/1.0/application-properties',
  bamboo: '/rest/api/latest/currentUser',
};

const text = v.nullish(v.string());
/** Shown to the person, and part of no decision: any value but text counts as missing. */
const shownText = v.fallback(text, undefined);
/** The members of the three responses; each product sends some of them. */
const UserSchema = v.object({
  type: text,
  name: text,
  key: text,
  username: text,
  userKey: text,
  displayName: shownText,
  fullName: shownText,
  emailAddress: shownText,
  email: shownText,
});

/** The members of an error of a product's REST API; each product has some of them. */
const errorMembers = ['errorMessages', 'errors', 'status-code', 'statusCode'];

/** Whether a product sent a rejection. A web page of an intermediary may have the same status. */
function isOfProduct({ body, challenge, loginReason }: IdentityResponse): boolean {
  if (loginReason !== null || /(?:^|,\s*)(?:OAuth|Bearer)\b/iu.test(challenge ?? '')) return true;
  return isObject(body) && errorMembers.some((name) => Object.hasOwn(body, name));
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** Parses the response of a product's identity resource. */
export function readIdentity(product: DataCenterProduct, response: IdentityResponse): Identity {
  const { status, body } = response;
  const header = headerName(response.userName);
  const isRejected = status === 401 && isOfProduct(response);
  if (isRejected || header === 'anonymous') return { kind: 'anonymous' };
  if (status !== 200) return { kind: 'unknown' };
  if (product === 'bitbucket') {
    if (header !== '') return { kind: 'user', account: { accountId: header, name: header } };
    return { kind: isObject(body) ? 'anonymous' : 'unknown' };
  }
  const parsed = v.safeParse(UserSchema, body);
  if (!parsed.success) return { kind: 'unknown' };
  const user = parsed.output;
  if (user.type === 'anonymous') return { kind: 'anonymous' };
  const accountId = user.username ?? user.name ?? user.userKey ?? user.key;
  if (!accountId) return { kind: 'unknown' };
  // A user name is a readable display name; a key is not.
  const name = user.displayName ?? user.fullName ?? user.username ?? user.name;
  const email = user.emailAddress ?? user.email;
  const key = user.userKey ?? user.key;
  const details = { ...(key && { key }), ...(name && { name }), ...(email && { email }) };
  return { kind: 'user', account: { accountId, ...details } };
}

/** A response of a product's API. */
export interface ProductResponse {
  readonly product: DataCenterProduct;
  readonly status: number;
  /** The header {@link userNameHeader}; null without one. */
  readonly userName: string | null;
  /** The account of the session; undefined when it is not known. */
  readonly accountId: string | undefined;
}

/** Names that are equal in any encoding when they are equal without case. */
const plainName = /^[\w.@-]+$/u;

/**
 * Whether a response states that it is for an anonymous user, or for another user than the session's account. Bitbucket
 * names every user, so its success without a name is for an anonymous user. For other products a missing name means nothing.
 */
export function isResponseForOtherUser({
  product,
  status,
  userName,
  accountId,
}: ProductResponse): boolean {
  const name = headerName(userName);
  if (name === '') return product === 'bitbucket' && status >= 200 && status < 300;
  if (name === 'anonymous') return true;
  if (accountId === undefined || !plainName.test(name) || !plainName.test(accountId)) return false;
  return name.toLowerCase() !== accountId.toLowerCase();
}

/** Whether the header {@link userNameHeader} names a user. */
export function namesUser(userName: string | null): boolean {
  return !['', 'anonymous'].includes(headerName(userName));
}

/** The header is percent-encoded when the name is not ASCII. */
function headerName(userName: string | null): string {
  const name = userName?.trim() ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    // The name itself has a percent sign.
    return name;
  }
}
