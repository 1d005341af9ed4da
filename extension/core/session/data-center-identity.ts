import * as v from 'valibot';
import type { DataCenterProduct } from '../provider/data-center.ts';
import type { Account } from './session.ts';

/** An answer as far as it tells who asked. */
export interface IdentityAnswer {
  readonly status: number;
  /** The body as parsed JSON; undefined when it is none. */
  readonly body: unknown;
  /** The header {@link userNameHeader}; null without one. */
  readonly userName: string | null;
}

/** Who a product takes the sender of a token for. */
export type Identity =
  | { readonly kind: 'user'; readonly account: Account }
  /** The token was not accepted, whatever the status says: a bad one may be answered with 200 and public data. */
  | { readonly kind: 'anonymous' }
  /** The answer tells neither: a fault of the server or something in between. */
  | { readonly kind: 'unknown' };

/** The response header in which Jira and Bitbucket name the user. */
export const userNameHeader = 'x-ausername';

/** Where each product is asked who the sender is, relative to its base URL. Bitbucket tells it in the header alone. */
export const identityPaths: Readonly<Record<DataCenterProduct, string>> = {
  jira: '/rest/api/2/myself',
  confluence: '/rest/api/user/current',
  bitbucket: '/rest/api/1.0/application-properties',
  bamboo: '/rest/api/latest/currentUser',
};

const text = v.nullish(v.string());
/** The members of the three answers; each product fills some. */
const UserSchema = v.object({
  type: text,
  name: text,
  key: text,
  username: text,
  userKey: text,
  displayName: text,
  fullName: text,
  emailAddress: text,
  email: text,
});

/** Reads the answer of a product's identity endpoint. */
export function readIdentity(product: DataCenterProduct, answer: IdentityAnswer): Identity {
  const { status, body } = answer;
  const header = headerName(answer.userName);
  if (status === 401 || header === 'anonymous') return { kind: 'anonymous' };
  if (status !== 200) return { kind: 'unknown' };
  if (product === 'bitbucket') {
    return header === ''
      ? { kind: 'anonymous' }
      : { kind: 'user', account: { accountId: header, name: header } };
  }
  const parsed = v.safeParse(UserSchema, body);
  if (!parsed.success) return { kind: 'unknown' };
  const user = parsed.output;
  if (user.type === 'anonymous') return { kind: 'anonymous' };
  const accountId = user.username ?? user.name ?? user.userKey ?? user.key;
  if (!accountId) return { kind: 'unknown' };
  // A user name says more to a person than nothing; a key does not.
  const name = user.displayName ?? user.fullName ?? user.username ?? user.name;
  const email = user.emailAddress ?? user.email;
  const key = user.userKey ?? user.key;
  const told = { ...(key && { key }), ...(name && { name }), ...(email && { email }) };
  return { kind: 'user', account: { accountId, ...told } };
}

/** A call of a product that was answered. */
export interface AnsweredCall {
  readonly product: DataCenterProduct;
  readonly status: number;
  /** The header {@link userNameHeader}; null without one. */
  readonly userName: string | null;
  /** The account of the session; undefined when nobody told it. */
  readonly accountId: string | undefined;
}

/** Names that are the same however they are encoded and whatever their case means. */
const plainName = /^[\w.@-]+$/u;

/**
 * Whether an answer says itself that it is for nobody, or for another user than the session's account. Bitbucket names
 * every user that it knows, so that a success without a name is for nobody; of the others a missing name says nothing.
 */
export function isForStranger({ product, status, userName, accountId }: AnsweredCall): boolean {
  const name = headerName(userName);
  if (name === '') return product === 'bitbucket' && status >= 200 && status < 300;
  if (name === 'anonymous') return true;
  if (accountId === undefined || !plainName.test(name) || !plainName.test(accountId)) return false;
  return name.toLowerCase() !== accountId.toLowerCase();
}

/** Whether the header {@link userNameHeader} names somebody. */
export function namesUser(userName: string | null): boolean {
  return !['', 'anonymous'].includes(headerName(userName));
}

/** The header is percent-encoded when the name is not ASCII. */
function headerName(userName: string | null): string {
  const name = userName?.trim() ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    // A name with a percent sign of its own.
    return name;
  }
}
