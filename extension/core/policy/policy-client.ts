import * as v from 'valibot';
import {
  blankDraft,
  draftProblems,
  normaliseDraft,
  type ClientDraft,
} from '../client/client-configuration.ts';
import { withPkcs8 } from '../client/private-key.ts';
import { providerMemberSchemas } from '../provider/provider-schemas.ts';
import { clientAuthenticationMethods, providerTypes } from '../provider/provider-type.ts';
import { listAt, pointer, strictObject, type Report } from './policy-value.ts';

/** A client that the policy gives everybody. */
export interface PolicyClient {
  /** The administrator's own id of it, from which the id of the stored client follows. */
  readonly id: string;
  /** Its JSON Pointer in the policy. */
  readonly path: string;
  /** With a secret that everybody has, or without: then the person is asked for it. */
  readonly draft: ClientDraft;
}

/** The most clients of a policy. */
export const maxPolicyClients = 100;

const ClientEntry = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/u)),
  name: v.string(),
  description: v.optional(v.string(), ''),
  type: v.picklist(providerTypes),
  clientId: v.string(),
  clientSecret: v.exactOptional(v.string()),
  privateKeyPem: v.exactOptional(v.string()),
  clientAuthentication: v.exactOptional(v.picklist(clientAuthenticationMethods)),
  authorizationEndpoint: v.exactOptional(v.string()),
  tokenEndpoint: v.exactOptional(v.string()),
  scopes: v.exactOptional(v.array(v.string())),
  ...providerMemberSchemas(),
});

/** The clients of a policy that are valid. What a client leaves out is as in the form for a new client of its type. */
export function readPolicyClients(raw: unknown, report: Report): PolicyClient[] {
  const clients: PolicyClient[] = [];
  for (const [at, one] of listAt(raw, '/clients', maxPolicyClients, report).entries()) {
    const client = readClient(one, pointer('clients', at), clients, report);
    if (client !== undefined) clients.push(client);
  }
  return clients;
}

function readClient(
  raw: unknown,
  path: string,
  earlier: readonly PolicyClient[],
  report: Report,
): PolicyClient | undefined {
  const entry = strictObject(ClientEntry, raw, path, report);
  if (entry === undefined) return undefined;
  const { id, ...members } = entry;
  if (earlier.some((other) => other.id === id)) {
    report(`${path}/id`, 'repeated');
    return undefined;
  }
  const { clientSecret: _none, ...blank } = blankDraft(entry.type);
  const draft = normaliseDraft({ ...blank, ...members });
  const takenNames = earlier.map((other) => other.draft.name);
  const problems = draftProblems(draft, { takenNames, hasSecret: true });
  for (const { field, problem } of problems) report(`${path}${pointer(field)}`, problem);
  if (problems.length > 0) return undefined;
  const read = withPkcs8(draft);
  if ('draft' in read) return { id, path, draft: read.draft };
  report(`${path}/privateKeyPem`, read.problem.problem);
  return undefined;
}
