import { longNames, many, usual } from './casts.ts';
import { readArea, writeArea } from './extension-page.ts';
import { fillStore, restartWorker, type Stage } from './stage.ts';
import type { StoreName } from './views.ts';

/**
 * Fills the empty store of a stage.
 * - `empty`: as after the installation.
 * - `usual`: a few clients, accounts and connected pages.
 * - `problem`: the same, and everything that can be wrong: accounts that need their person, a client that its server rejects,
 *   a page whose host permission was withdrawn, damaged entries, a sign-in that failed.
 * - `names`: names of every script, and of 200 characters.
 * - `many`: 33 clients, 200 sessions, 5,000 sites, 40 connected pages.
 */
export async function fillStoreAs(name: StoreName, stage: Stage): Promise<void> {
  if (name === 'empty') return;
  await fillStore(stage, casts[name]);
  if (name === 'problem') await addProblems(stage);
  // What was written to the storage is not reported to pages that are open.
  await stage.options.reload();
}

const casts = { usual, problem: usual, names: longNames, many } as const;

interface StoredEntity {
  readonly [member: string]: unknown;
}
interface StoredSession extends StoredEntity {
  readonly generation: number;
  readonly account: { readonly name?: string };
  readonly clientId: string;
}

/** Turns the usual store into one with problems. */
async function addProblems(stage: Stage): Promise<void> {
  const { options } = stage;
  const stored = await readArea(options, 'local');
  const nowMs = Date.now();
  const needing = entries<StoredSession>(stored, 'session:')
    .filter(([, { account }]) => account.name !== usual.own.account)
    .map(([key, session], at) => {
      // A later generation is what the second copy of the entry is replaced by.
      const later = { ...session, generation: session.generation + 1, statusSinceMs: nowMs };
      return [key, { ...later, status: at % 2 === 0 ? 'recoverable' : 'unrecoverable' }] as const;
    });
  const rejected = entries<StoredEntity>(stored, 'client:')
    .filter(([, { name }]) => name === 'Release notes')
    .map(([key, client]) => [key, { ...client, rejectedAtMs: nowMs, updatedAtMs: nowMs }] as const);
  await writeArea(options, 'local', {
    ...Object.fromEntries(needing),
    ...Object.fromEntries(rejected),
    'grant:https://lost.threelo.test': { origin: 'https://lost.threelo.test', revision: 'x' },
    'client:99999999-0000-4000-8000-000000000001': { name: 'Metrics' },
    'session:99999999-0000-4000-8000-000000000002': { scopes: 'x' },
  });
  const clients = entries<{ id: string; name: string }>(stored, 'client:');
  const clientId = clients.find(([, { name }]) => name === 'Release notes')?.[1].id;
  await writeArea(options, 'session', {
    outcome: {
      id: 'the-last-sign-in',
      clientId,
      startedAtMs: nowMs,
      fault: { code: 'flow_closed', message: 'The sign-in window was closed.' },
    },
  });
  await restartWorker(stage);
}

function entries<Entity>(
  stored: Readonly<Record<string, unknown>>,
  prefix: string,
): [string, Entity][] {
  return Object.entries(stored).filter(([key]) => key.startsWith(prefix)) as [string, Entity][];
}
