import type { Account } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { DcState } from './instance.ts';

/** Whom a REST call speaks for. */
export interface DcIdentity {
  /** Undefined: nobody, also when a bearer was sent that is not good. */
  readonly account: Account | undefined;
  /** Scopes of the token; undefined: no token limits the person. */
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
  /** Answers nobody too, with what nobody may see. */
  readonly isPublic?: boolean;
  /** Scope needed; default: none for GET, the product's write scope otherwise. */
  readonly scope?: string;
  readonly handle: (call: DcCall) => Answer;
}
