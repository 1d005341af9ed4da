import type { HeaderFields } from '../call/headers.ts';
import type { ScopeKind } from './limit-scope.ts';

/** A 429 for a call that was not sent. */
export interface HeldResponse {
  readonly headers: HeaderFields;
  readonly body: string;
}

/**
 * Why a call is not sent. `share`: the origin has used its part of what is left of the points of this hour. `budget`: the
 * organization's policy limits the points that this browser uses in an hour.
 */
export type HeldReason = ScopeKind | 'share' | 'budget';

const explanations: Readonly<Record<HeldReason, string>> = {
  app: 'the app has used its points of this hour',
  'app-tenant': 'the app has used its points of this hour at this site',
  burst: 'the site gets too many requests of this kind at the moment',
  issue: 'the issue gets too many changes at the moment',
  endpoint: 'the server limits requests of this kind at the moment',
  person: 'the server limits the requests of this account at the moment',
  budget: 'the points that the organization allows this browser in an hour are used',
  share: 'few of the points of this hour are left, and this page has used its share of them',
};

/**
 * The response that a page gets for a call that is not sent.
 * @param fields the rate limit headers of the 429 that closed the scope, as the provider sent them
 */
export function heldResponse(
  reason: HeldReason,
  waitMs: number,
  fields: HeaderFields,
): HeldResponse {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `Threelo did not send this request: ${explanations[reason]}. Try again in ${seconds} s.`;
  return {
    headers: [
      ...fields.filter(([name]) => name !== 'retry-after'),
      ['retry-after', String(seconds)],
      ['content-type', 'application/json'],
      ['x-threelo-held', '1'],
    ],
    body: JSON.stringify({ code: 429, message }),
  };
}
