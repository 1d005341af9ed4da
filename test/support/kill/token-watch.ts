import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import { reveal } from '../../../extension/core/values/secret.ts';
import { parseClient, parseSession } from '../../../extension/storage/parse-stored.ts';
import type { MemoryArea } from '../memory-area.ts';
import type { TestWorld } from '../test-world.ts';
import { instantCrypto } from './instant-crypto.ts';

/** What a careful background never does, seen from its stores and its requests. */
export interface TokenWatch {
  /** What was seen, in plain words; empty in health. */
  readonly sins: string[];
  /** After a background died: what it had on its way is nobody's any more. */
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
    const newer = (await storedTokens(browser)).map((token) => issued.get(token));
    return newer.some((other) => one && other?.family === one.family && other.at > one.at);
  };
  const isStored = async ({ family, at }: Issued): Promise<boolean> => {
    const tokens = await storedTokens(browser);
    const found = tokens.map((token) => issued.get(token));
    return found.some((one) => one?.family === family && one.at >= at);
  };
  Object.assign(browser, {
    fetch: async (url: string, init: RequestInit) => {
      if (url.endsWith('/oauth/token')) return requestToken(url, init);
      const companion = url.includes('/ex/') ? companions.get(bearerOf(init)) : undefined;
      if (companion && !(await isStored(companion))) {
        sins.push('a call with an access token whose refresh token is not stored');
      }
      return fetch(url, init);
    },
  });
  for (const area of [browser.local, browser.mirror]) watchGenerations(area, sins);
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

/** The refresh tokens on the disk at this moment. */
async function storedTokens({ local, keyStore }: TestWorld): Promise<string[]> {
  const secrets = createSessionSecrets(createVault(keyStore, instantCrypto()));
  const sessions = [...local.entries]
    .filter(([key]) => key.startsWith('session:'))
    .map(([, entry]) => parseSession(structuredClone(entry)));
  const tokens = await Promise.all(
    sessions.map(async (parsed) => {
      const client = parsed.ok && parseClient(local.entries.get(`client:${parsed.value.clientId}`));
      return parsed.ok && client && client.ok && secrets.refreshTokenOf(parsed.value, client.value);
    }),
  );
  return tokens.flatMap((token) => (token ? [reveal(token)] : []));
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
