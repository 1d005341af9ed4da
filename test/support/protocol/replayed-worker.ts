import { createAccounts, createRepositories, type Accounts } from '../../../background/accounts.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import { openStore } from '../../../background/storage/store.ts';
import type { SessionId } from '../../../extension/core/session/session.ts';
import { toFault } from '../../../extension/core/values/fault.ts';
import { secret } from '../../../extension/core/values/secret.ts';
import { defaultSettings } from '../../../extension/core/values/settings.ts';
import type { StoredClient } from '../../../extension/storage/schema.ts';
import type { TestWorld } from '../test-world.ts';
import { gatedWorld, type Gate } from './gated-world.ts';

/** The real token handler, sessions and store of one worker. */
export interface ReplayedWorker {
  readonly gates: readonly Gate[];
  /** What the caller who asked last got: the generation of the token, or the code of the fault. */
  readonly results: (number | string)[];
  ask(): void;
  alarm(): void;
  signIn(account: string, token: string): Promise<void>;
  signOut(): Promise<void>;
  end(): void;
}

/** A session that is stored, and its client. */
export interface Subject {
  readonly id: SessionId;
  readonly client: StoredClient;
}

/** Lets everything happen that needs no further input. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Starts a worker over a browser's stores: what `compose` does for tokens and sessions, in its order. */
export async function startReplayed(
  browser: TestWorld,
  { id, client }: Subject,
): Promise<ReplayedWorker> {
  let signingIn = '';
  const { world, gates, ungated, end } = gatedWorld(
    browser,
    { keys: [`session:${id}`, `access:${id}`], lock: `refresh ${id}` },
    (url) => replyTo(url, signingIn),
  );
  const { sessions, tokens } = await ungated(() => startAccounts(world));
  const results: (number | string)[] = [];
  const expiresAtMs = browser.nowMs() + day;
  return {
    gates,
    results,
    ask: () => {
      tokens.getRefreshedToken(id).then(
        ({ generation }) => results.push(generation),
        (thrown: unknown) => results.push(toFault(thrown).code),
      );
    },
    alarm: () => void tokens.refreshAhead(id),
    signIn: async (account, token) => {
      signingIn = account;
      const issued = {
        accessToken: secret(`access of ${token}`),
        refreshToken: secret(token),
        expiresAtMs,
      };
      await ungated(() => sessions.open({ client, requestedScopes: client.scopes }, issued));
    },
    signOut: () => ungated(() => sessions.signOut([id])),
    end,
  };
}

const day = 86_400_000;

async function startAccounts(world: TestWorld): Promise<Accounts> {
  const accounts = await openAccounts(world);
  await accounts.sessions.checkTokens();
  await accounts.sessions.removeDuplicates(() => false);
  accounts.tokens.resume();
  return accounts;
}

/** The services over a store. */
export async function openAccounts(world: TestWorld): Promise<Accounts> {
  const repositories = createRepositories(await openStore(world));
  const vault = createVault(world.keyStore, world.crypto);
  return createAccounts(world, vault, repositories, () => defaultSettings);
}

/** What the provider answers to all but refreshes. */
export function replyTo(url: string, account: string): Response {
  if (url.endsWith('/me')) return Response.json({ account_id: account, name: account });
  if (url.endsWith('/oauth/token/accessible-resources'))
    return Response.json([
      { id: 'site', url: 'https://acme.atlassian.net', name: 'acme', scopes: ['read:jira-work'] },
    ]);
  // The probe before a late attempt, and revocation.
  return Response.json({ error: 'invalid_request' }, { status: 400 });
}
