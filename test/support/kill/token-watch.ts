import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import { reveal } from '../../../extension/core/values/secret.ts';
import { parseClient, parseSession } from '../../../extension/storage/parse-stored.ts';
import type { MemoryArea } from '../memory-area.ts';
import type { TestWorld } from '../test-world.ts';
import { instantCrypto } from './instant-crypto.ts';

/** Violations of the token rules, seen from the stores and requests of a background. */
export interface TokenWatch {
  /** The violations in plain words; empty if there are none. */
  readonly sins: string[];
  /** After a kill: forgets the requests of the killed background. */
  crashed(): void;
}

/** One refresh token: of which sign-in it comes, and how many were issued before it. */
interface Issued {
  readonly family: number;
  readonly at: number;
}

/** Watches a browser from now on; to be set before the backgrounds that it is to see. */
export function watchTokens(browser: TestWorld): TokenWatch {
  const sins: string[] = [];
  const issued = new Map<string, Issued>();
  const companions = new Map<string, Issued>();
  const inFlight = new Set<string>();
  const { fetch } = browser;
  const familyOf = (token: string | undefined): number =>
    issued.get(token ?? '')?.family ?? issued.size;
  const learn = async (answer: Response, sent: string | undefined): Promise<void> => {
    const body = (await answer.json()) as { access_token: string; refresh_token?: string };
    if (body.refresh_token === undefined) return;
    const pair = { family: familyOf(sent), at: issued.size };
    issued.set(body.refresh_token, pair);
    companions.set(body.access_token, pair);
  };
  const requestToken = async (url: string, init: RequestInit): Promise<Response> => {
    const sent = sentToken(init);
    const name = `family ${familyOf(sent)}`;
    if (sent !== undefined && inFlight.has(name)) sins.push('two refreshes of a session in flight');
    inFlight.add(name);
    if (sent !== undefined && (await isSuperseded(sent))) {
      sins.push('a refresh token was sent although a newer one is stored');
    }
    try {
      const answer = await fetch(url, init);
      if (answer.ok) await learn(answer.clone(), sent).catch(() => undefined);
      return answer;
    } finally {
      inFlight.delete(name);
    }
  };
  const isSuperseded = async (sent: string): Promise<boolean> => {
    const one = issued.get(sent);
    const newer = (await tokensOf(entriesOf(browser), browser)).map((token) => issued.get(token));
    return newer.some((other) => one && other?.family === one.family && other.at > one.at);
  };
  const written: Entry[] = [];
  /** A call that began before another sign-in replaced the session still carries the token of the former grant. */
  const wasStored = async (token: Issued): Promise<boolean> =>
    (await holds(entriesOf(browser), token)) || holds(written, token);
  const holds = async (entries: readonly Entry[], { family, at }: Issued): Promise<boolean> => {
    const found = (await tokensOf(entries, browser)).map((token) => issued.get(token));
    return found.some((one) => one?.family === family && one.at >= at);
  };
  Object.assign(browser, {
    fetch: async (url: string, init: RequestInit) => {
      if (url.endsWith('/oauth/token')) return requestToken(url, init);
      const companion = url.includes('/ex/') ? companions.get(bearerOf(init)) : undefined;
      if (companion && !(await wasStored(companion))) {
        sins.push('a call with an access token whose refresh token was never stored');
      }
      return fetch(url, init);
    },
  });
  for (const area of [browser.local, browser.mirror]) {
    watchGenerations(area, sins);
    watchWrites(area, browser, written);
  }
  return {
    sins,
    crashed: () => {
      inFlight.clear();
    },
  };
}

function sentToken({ body }: RequestInit): string | undefined {
  return typeof body === 'string'
    ? (JSON.parse(body) as { refresh_token?: string }).refresh_token
    : undefined;
}

function bearerOf({ headers }: RequestInit): string {
  return new Headers(headers).get('authorization')?.replace('Bearer ', '') ?? '';
}

/** A stored session, with the client as it was stored then. */
interface Entry {
  readonly session: unknown;
  readonly client: unknown;
}

/** How many written sessions are kept: more than are written while one call is on its way. */
const writtenLimit = 100;

function entryOf(session: unknown, { local }: TestWorld): Entry {
  const { clientId } = (session ?? {}) as { clientId?: string };
  return structuredClone({ session, client: local.entries.get(`client:${clientId ?? ''}`) });
}

/** The sessions in `storage.local` at this moment. */
function entriesOf(browser: TestWorld): Entry[] {
  return [...browser.local.entries]
    .filter(([key]) => key.startsWith('session:'))
    .map(([, session]) => entryOf(session, browser));
}

/** The refresh tokens of stored sessions. */
async function tokensOf(entries: readonly Entry[], { keyStore }: TestWorld): Promise<string[]> {
  const secrets = createSessionSecrets(createVault(keyStore, instantCrypto()));
  const tokens = await Promise.all(
    entries.map(async (entry) => {
      const session = parseSession(entry.session);
      const client = parseClient(entry.client);
      return session.ok && client.ok && secrets.refreshTokenOf(session.value, client.value);
    }),
  );
  return tokens.flatMap((token) => (token ? [reveal(token)] : []));
}

/** Keeps the sessions that a store has taken; one that either store took is durable. */
function watchWrites(area: MemoryArea, browser: TestWorld, written: Entry[]): void {
  const write = area.write.bind(area);
  Object.assign(area, {
    write: async (entries: Record<string, unknown>) => {
      await write(entries);
      const sessions = Object.entries(entries).filter(([key]) => key.startsWith('session:'));
      written.push(...sessions.map(([, session]) => entryOf(session, browser)));
      written.splice(0, written.length - writtenLimit);
    },
  });
}

/** An older generation is never written over a newer one, in whichever store. */
function watchGenerations(area: MemoryArea, sins: string[]): void {
  const write = area.write.bind(area);
  Object.assign(area, {
    write: (entries: Record<string, unknown>) => {
      for (const [key, entry] of Object.entries(entries)) {
        const before = generationOf(area.entries.get(key));
        if (generationOf(entry) < before) sins.push(`an older generation over a newer one: ${key}`);
      }
      return write(entries);
    },
  });
}

function generationOf(entry: unknown): number {
  const { generation } = (entry ?? {}) as { generation?: number };
  return generation ?? 0;
}
