import type { Account } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { DcState } from './instance.ts';

/** The identity of a REST call. */
export interface DcIdentity {
  /** Undefined: anonymous, also if an invalid bearer was sent. */
  readonly account: Account | undefined;
  /** Scopes of the token; undefined for a browser session. */
  readonly scopes: readonly string[] | undefined;
}

/** What a REST endpoint is called with. */
export interface DcCall extends DcIdentity {
  readonly state: DcState;
  readonly incoming: Incoming;
  readonly parameters: readonly string[];
}

/** One REST endpoint, below the context path. */
export interface DcRoute {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  readonly path: RegExp;
  /** Also answers anonymous requests, with the public content. */
  readonly isPublic?: boolean;
  /** Scope needed; default: none for GET, the product's write scope otherwise. */
  readonly scope?: string;
  readonly handle: (call: DcCall) => Answer;
}
