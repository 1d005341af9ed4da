import type { FieldProblem } from '../extension/core/fault.ts';
import { draftOfConsumer } from '../extension/core/postman-consumer.ts';
import type { ImportedConsumerView, ImportEntryView } from '../extension/wire/views.ts';
import { blankServer, serverOf, type ServerForm } from './consumer-server.ts';

/** The members that the form for a consumer's server asks for. */
const serverMembers = [
  'baseUrl',
  'requestTokenEndpoint',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBase',
] as const;
/** See {@link serverMembers}. */
export type ServerMember = (typeof serverMembers)[number];

/** What of the entry itself keeps it from being saved. */
export function problemsOf(entry: ImportEntryView): readonly FieldProblem[] {
  if (entry.kind === 'oauth2') return entry.problems;
  const judged = draftOfConsumer(entry.name, entry, serverOf(blankServer(entry))).problems;
  return [...judged.filter(({ field }) => !isServerMember(field)), ...entry.problems];
}

/** What is wrong with what was said of a consumer's server, by the member of the form. */
export function serverProblems(
  entry: ImportedConsumerView,
  form: ServerForm,
): Readonly<Partial<Record<ServerMember, FieldProblem['problem']>>> {
  const { problems } = draftOfConsumer(entry.name, entry, serverOf(form));
  // The addresses of a product follow from its base URL, and are told about there.
  const told = problems.filter(
    ({ field }) => isServerMember(field) && (form.product === undefined || field === 'baseUrl'),
  );
  return Object.fromEntries(told.map(({ field, problem }) => [field, problem]));
}

/** Whether an entry can be chosen. */
export function isImportable(entry: ImportEntryView, form: ServerForm | undefined): boolean {
  if (problemsOf(entry).length > 0) return false;
  if (entry.kind === 'oauth2') return true;
  return Object.keys(serverProblems(entry, form ?? blankServer(entry))).length === 0;
}

function isServerMember(field: string): boolean {
  return (serverMembers as readonly string[]).includes(field);
}
