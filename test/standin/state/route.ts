import type { Account, Site } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { World } from './world.ts';

/** What an endpoint is called with. */
export interface Call {
  readonly world: World;
  readonly incoming: Incoming;
  readonly site: Site;
  readonly account: Account;
  /** The groups of the route's pattern. */
  readonly parameters: readonly (string | undefined)[];
}

/** Scopes that reach an endpoint: one of the lists, whole. Empty: any scope of the product. */
export type ScopeRule = readonly (readonly string[])[];

/** One endpoint under `/ex/{product}/{cloudId}`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  /** For an operation that is not published; those have the scopes of the published documents. */
  readonly scopes?: ScopeRule;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** Whether the granted scopes satisfy the rule. */
export function isCovered(rule: ScopeRule, granted: readonly string[]): boolean {
  return rule.length === 0 || rule.some((list) => list.every((scope) => granted.includes(scope)));
}

/** A query number between its bounds, or the default. */
export function boundedNumber(
  value: string | null | undefined,
  defaultValue: number,
  maximum: number,
): number {
  const number = Number(value ?? Number.NaN);
  if (!Number.isInteger(number) || number < 0) return defaultValue;
  return Math.min(number, maximum);
}
