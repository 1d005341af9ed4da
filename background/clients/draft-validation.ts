import { draftProblems, type ClientDraft } from '#core/client/client-configuration.ts';
import { BrokerError, toFault, type FieldProblem } from '#core/values/fault.ts';
import type { StoredClient } from '#storage/schema.ts';

/** @throws BrokerError `name_taken`, `invalid_client` with the fields */
export function validate(
  draft: ClientDraft,
  all: readonly StoredClient[],
  before: StoredClient | undefined,
  hasSecret: boolean,
): void {
  const others = all.filter(({ id }) => id !== before?.id);
  const fields = draftProblems(draft, {
    takenNames: others.map(({ name }) => name),
    hasSecret,
  });
  if (fields.length === 0) return;
  const isOnlyName = fields.every(({ problem }) => problem === 'name_taken');
  throw new BrokerError(isOnlyName ? 'name_taken' : 'invalid_client', { fields });
}

/** Whether no client may use plain http. */
export interface HttpSetting {
  readonly isHttpForbidden: () => boolean;
}

/** Whether a client uses plain http although none may. */
export function usesForbiddenHttp(
  { isHttpAllowed }: Pick<ClientDraft, 'isHttpAllowed'>,
  { isHttpForbidden }: HttpSetting,
): boolean {
  return isHttpAllowed === true && isHttpForbidden();
}

/** @throws BrokerError `invalid_import` with the fields of all drafts */
export function validateAll(
  drafts: readonly ClientDraft[],
  all: readonly StoredClient[],
  setting: HttpSetting,
): void {
  const takenNames = all.map(({ name }) => name);
  const fields = drafts.flatMap((draft, at) => {
    // The person can enter a missing secret after the import.
    const problems = draftProblems(draft, { takenNames, hasSecret: true });
    if (usesForbiddenHttp(draft, setting))
      problems.push({ field: 'isHttpAllowed', problem: 'http_forbidden' });
    takenNames.push(draft.name);
    return fieldsOfEntry(at, problems);
  });
  if (fields.length > 0) throw new BrokerError('invalid_import', { fields });
}

/** A private key that cannot be imported is a fault of the draft at `at`; every other fault is returned as it is. */
export function asImportFault(thrown: unknown, at: number): unknown {
  const { code, fields } = toFault(thrown);
  return code === 'invalid_client' && fields !== undefined
    ? new BrokerError('invalid_import', { fields: fieldsOfEntry(at, fields) })
    : thrown;
}

function fieldsOfEntry(at: number, fields: readonly FieldProblem[]): FieldProblem[] {
  return fields.map(({ field, problem }) => ({ field: `${String(at + 1)}.${field}`, problem }));
}
