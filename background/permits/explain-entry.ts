import { isWholePath, type ActivityEntry, type CallEntry } from '#core/activity/activity-entry.ts';
import { isCloudMethod, type OperationTable } from '#core/operations/operation-table.ts';
import type { SessionId } from '#core/session/session.ts';
import { fault, isFaultCode } from '#core/values/fault.ts';
import { ruleOf } from '#wire/refusal.ts';
import type { ActivityEntryView } from '#wire/views.ts';
import { lackOf } from './lack.ts';

interface Known {
  /** Undefined when it could not be read. */
  readonly table: OperationTable | undefined;
  /** Undefined when there is no such session any more. */
  readonly scopesOf: (id: SessionId) => readonly string[] | undefined;
}

/** Whether the table of operations is needed to explain an entry. */
export function needsTable(entry: ActivityEntry): boolean {
  return entry.kind === 'call' && entry.lacksScope === true;
}

/** An entry with the rule that refused it, and the scopes that its session lacks now. */
export function explainEntry(entry: ActivityEntry, known: Known): ActivityEntryView {
  if (entry.kind !== 'call') return entry;
  if (entry.lacksScope === true) return { ...entry, ...lackOfEntry(entry, known) };
  const { result, code, subject } = entry;
  if (result !== 'refused' || code === undefined || !isFaultCode(code)) return entry;
  const rule = ruleOf(fault(code, subject === undefined ? {} : { subject }));
  return rule === undefined ? entry : { ...entry, rule };
}

function lackOfEntry(
  { site, method, path: pathname }: CallEntry,
  { table, scopesOf }: Known,
): Pick<ActivityEntryView, 'rule' | 'missingScopes'> {
  const scopes = site && scopesOf(site.sessionId);
  if (table === undefined || site === undefined || scopes === undefined) return {};
  if (!isCloudMethod(method) || !isWholePath(pathname)) return {};
  const lack = lackOf({ product: site.product, method, pathname }, scopes, table);
  if (lack === undefined) return {};
  const { rule, missingScopes } = lack;
  return rule === 'scopes' ? { rule, missingScopes } : { rule };
}
