import { draftProblems, type ClientDraft } from '../../client/client-configuration.ts';
import type { FieldProblem } from '../../values/fault.ts';
import { hasVariable } from './variables.ts';

/** A client of Postman as a configuration of ours. */
export interface PostmanDraft {
  readonly draft: ClientDraft;
  /** What keeps it from being saved; a missing secret does not. */
  readonly problems: readonly FieldProblem[];
  /** Names of parameters, and `refreshTokenUrl`, that the configuration has no place for. */
  readonly leftOut: readonly string[];
}

/** A tidy draft with all that keeps it from being saved, and what it has no place for. */
export function checkedDraft(
  draft: ClientDraft,
  circumstances: {
    readonly takenNames: readonly string[];
    readonly further: readonly FieldProblem[];
  },
  leftOut: readonly string[],
): PostmanDraft {
  const { takenNames, further } = circumstances;
  const open = unresolved(draft).map((field): FieldProblem => ({
    field,
    problem: 'variable_unresolved',
  }));
  const judged = draftProblems(draft, { takenNames, hasSecret: true });
  // Of a member with a variable in it nothing else is worth telling.
  const others = judged.filter(({ field }) => open.every((each) => each.field !== field));
  return { draft, problems: [...open, ...others, ...further], leftOut: [...new Set(leftOut)] };
}

/** The members that have a variable in them which nothing defines. */
function unresolved(draft: ClientDraft): string[] {
  const { clientId, authorizationEndpoint, tokenEndpoint, scopes } = draft;
  const texts = { clientId, authorizationEndpoint, tokenEndpoint, scopes: scopes.join(' ') };
  return Object.entries(texts).flatMap(([member, text]) => (hasVariable(text) ? [member] : []));
}
