import {
  draftOf,
  draftProblems,
  isSameName,
  normaliseDraft,
  signatureMethodOf,
  usesClientSecret,
  type ClientDraft,
} from '#core/client/client-configuration.ts';
import { destinationOf } from '#core/client/secret-destination.ts';
import { freeNames } from '#core/import/free-name.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { TransferNote, TransferRow, TransferValue } from '#core/transfer/transfer-preview.ts';
import type { Clients } from '../clients/clients.ts';
import type { ExportedClient } from './contents.ts';

/** A client of a file: what an import of it would store, and in place of which client. */
export interface ClientPlan {
  readonly draft: ClientDraft;
  readonly replaces?: StoredClient;
  readonly row: TransferRow;
}

/** What is stored: the clients with their secrets. */
export interface OwnClient {
  readonly client: StoredClient;
  readonly secret: string | undefined;
}

/**
 * Compares the clients of a file with those that are stored. Both are the same client only if they send secrets to the same
 * addresses: no import sends a secret of this profile elsewhere.
 */
export async function planClients(
  theirs: readonly ExportedClient[],
  own: readonly OwnClient[],
  clients: Pick<Clients, 'redirect'>,
): Promise<readonly ClientPlan[]> {
  const drafts = theirs.map(({ redirectUri: _uri, ...draft }) => normaliseDraft(draft));
  const matches = matchClients(drafts, own);
  const renamed = [...matches.keys()].flatMap((at) => drafts[at]?.name ?? []);
  const freeName = freeNames([...own.map(({ client }) => client.name), ...renamed]);
  const plans: ClientPlan[] = [];
  for (const [at, draft] of drafts.entries()) {
    const id = `client:${String(at)}`;
    const mine = matches.get(at);
    if (mine !== undefined) {
      plans.push(changedClient(id, draft, mine, own));
      continue;
    }
    const named = { ...draft, name: freeName(draft.name) };
    const problems = draftProblems(named, { takenNames: [], hasSecret: true });
    const isValid = problems.length === 0;
    const uri = isValid ? (await clients.redirect(draft.authorizationEndpoint)).redirectUri : '';
    plans.push({
      draft: named,
      row: {
        id,
        kind: 'client',
        name: named.name,
        type: named.type,
        state: isValid ? 'new' : 'impossible',
        values: valuesOf(undefined, named),
        notes: notesOfNew(named, {
          isRenamed: named.name !== draft.name,
          hasNewUri: theirs[at]?.redirectUri !== undefined && theirs[at].redirectUri !== uri,
        }),
        ...(isValid ? {} : { obstacle: 'invalid', problems }),
      },
    });
  }
  return plans;
}

/** The stored client that each draft is: of those with the same destination, the one with its name, else any. */
function matchClients(
  drafts: readonly ClientDraft[],
  own: readonly OwnClient[],
): ReadonlyMap<number, OwnClient> {
  const left = new Map<string, OwnClient[]>();
  for (const one of own) {
    const destination = destinationOf(one.client);
    const group = left.get(destination);
    if (group === undefined) left.set(destination, [one]);
    else group.push(one);
  }
  const matches = new Map<number, OwnClient>();
  for (const isNamed of [true, false])
    for (const [at, draft] of drafts.entries()) {
      if (matches.has(at)) continue;
      const candidates = left.get(destinationOf(draft)) ?? [];
      const match = candidates.find(
        ({ client }) => !isNamed || isSameName(client.name, draft.name),
      );
      if (match === undefined) continue;
      matches.set(at, match);
      candidates.splice(candidates.indexOf(match), 1);
    }
  return matches;
}

/** What the organization's policy gives stays: of its client only a secret that the policy does not give is taken. */
function changedClient(
  id: string,
  theirs: ClientDraft,
  { client, secret }: OwnClient,
  own: readonly OwnClient[],
): ClientPlan {
  const row = { id, kind: 'client', name: client.name, type: client.type } as const;
  const { clientSecret = '' } = theirs;
  const isSecretOther = clientSecret !== '' && clientSecret !== secret;
  const ofSecret = isSecretOther ? [{ member: 'clientSecret' }] : [];
  const { policy } = client;
  if (policy !== undefined) {
    const areOthersSame = valuesOf(draftOf(client), theirs).length === 0;
    const taken = policy.hasSecret ? [] : ofSecret;
    // Connections of the file find their client here in any case.
    if (taken.length === 0 && (isSecretOther || !areOthersSame)) {
      const managed = { ...row, state: 'impossible', obstacle: 'managed' } as const;
      return { draft: theirs, replaces: client, row: { ...managed, values: [], notes: [] } };
    }
    const draft = { ...draftOf(client), clientSecret };
    return compared(row, draft, client, taken, areOthersSame ? [] : ['managed']);
  }
  const isTaken = own.some(
    (one) => one.client !== client && isSameName(one.client.name, theirs.name),
  );
  const draft = isTaken ? { ...theirs, name: client.name } : theirs;
  const values = [...valuesOf(draftOf(client), draft), ...ofSecret];
  const isSecretMissing = usesClientSecret(draft) && clientSecret === '' && secret === undefined;
  return compared(row, draft, client, values, isSecretMissing ? ['secret-missing'] : []);
}

/** A client that is stored, with the values that a draft of it changes. */
function compared(
  row: Pick<TransferRow, 'id' | 'kind' | 'name' | 'type'>,
  draft: ClientDraft,
  replaces: StoredClient,
  values: readonly TransferValue[],
  notes: readonly TransferNote[],
): ClientPlan {
  const problems = draftProblems(draft, { takenNames: [], hasSecret: true });
  const state = values.length === 0 ? 'same' : 'differs';
  return {
    draft,
    replaces,
    row: {
      ...row,
      state: problems.length > 0 ? 'impossible' : state,
      values,
      notes,
      ...(problems.length > 0 ? { obstacle: 'invalid', problems } : {}),
    },
  };
}

/** The members that differ, or without `mine` all that there are; never a secret. */
function valuesOf(mine: ClientDraft | undefined, theirs: ClientDraft): TransferValue[] {
  const before: Members = mine === undefined ? {} : { ...draftOf(mine) };
  const after: Members = { ...draftOf(theirs) };
  const members = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...members].flatMap((member): TransferValue[] => {
    const [one, other] = [before[member], after[member]];
    const isSame = JSON.stringify(one) === JSON.stringify(other);
    if (isSame || (mine === undefined && member === 'name')) return [];
    return [
      {
        member,
        ...(one === undefined ? {} : { mine: textsOf(one) }),
        ...(other === undefined ? {} : { theirs: textsOf(other) }),
      },
    ];
  });
}

type Members = Readonly<Partial<Record<string, ClientDraft[keyof ClientDraft]>>>;

/** Of parameters and headers each with its value, of anything else one text. */
function textsOf(value: NonNullable<Members[string]>): string[] {
  if (Array.isArray(value)) return [value.join(' ')];
  if (typeof value !== 'object') return [String(value)];
  return Object.entries(value).map(([name, text]) => `${name}=${text}`);
}

function notesOfNew(
  draft: ClientDraft,
  { isRenamed, hasNewUri }: { readonly isRenamed: boolean; readonly hasNewUri: boolean },
): TransferNote[] {
  const isSecretMissing = usesClientSecret(draft) && !draft.clientSecret;
  return [
    ...(isRenamed ? (['renamed'] as const) : []),
    ...(isSecretMissing ? (['secret-missing'] as const) : []),
    ...(signatureMethodOf(draft) === 'RSA-SHA1' ? (['new-key-pair'] as const) : []),
    ...(hasNewUri ? (['new-callback-url'] as const) : []),
  ];
}
