import { draftProblems, type ClientDraft } from '../../client/client-configuration.ts';
import type { FieldProblem } from '../../values/fault.ts';
import { hasVariable } from './variables.ts';

/** A client of a Postman collection as a draft of a configuration. */
export interface PostmanDraft {
  readonly draft: ClientDraft;
  /** Why the draft cannot be saved. A missing secret is not a problem. */
  readonly problems: readonly FieldProblem[];
  /** Names of parameters, and `refreshTokenUrl`, that a configuration cannot contain. */
  readonly leftOut: readonly string[];
}

/**
 * Validates a normalised draft, whose name no other client has.
 * @param further problems that `draftProblems` does not find
 */
export function checkedDraft(
  draft: ClientDraft,
  leftOut: readonly string[],
  further: readonly FieldProblem[] = [],
): PostmanDraft {
  const unresolved = unresolvedMembers(draft).map((field): FieldProblem => ({
    field,
    problem: 'variable_unresolved',
  }));
  // Other problems of a member with an unresolved variable would only repeat this one.
  const others = draftProblems(draft, { takenNames: [], hasSecret: true }).filter(({ field }) =>
    unresolved.every((each) => each.field !== field),
  );
  const problems = [...unresolved, ...others, ...further];
  return { draft, problems, leftOut: [...new Set(leftOut)] };
}

function unresolvedMembers(draft: ClientDraft): string[] {
  const { clientId, authorizationEndpoint, tokenEndpoint, scopes } = draft;
  const texts = { clientId, authorizationEndpoint, tokenEndpoint, scopes: scopes.join(' ') };
  return Object.entries(texts).flatMap(([member, text]) => (hasVariable(text) ? [member] : []));
}
