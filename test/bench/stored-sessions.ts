import { measureOne } from './in-page-calls.ts';
import { urlsOf, type Bench } from './setting.ts';

/** How many sessions there are to be, the connected one included, and how many sites they have together. */
export interface Filling {
  readonly sessions: number;
  readonly sites: number;
}

/** As much of a stored session as is changed here. */
interface StoredSession {
  readonly id: string;
  readonly account: Account;
}
/** As much of its stored sites as is changed here. */
interface StoredSites {
  readonly sitesReadAtMs: number;
  readonly sites: readonly { readonly cloudId: string; readonly avatarUrl?: string }[];
}

interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
}
/** As much of a stored access token as is changed here. */
interface StoredAccess {
  /** Names the account, among others. */
  readonly binding: string;
}

/** The extension's own storage, in both browsers. */
interface ExtensionScope {
  readonly browser?: { readonly storage: ExtensionStorage };
  readonly chrome: { readonly storage: ExtensionStorage };
}
type ExtensionStorage = Readonly<Record<'local' | 'session', StorageArea>>;
interface StorageArea {
  get(keys: null): Promise<Record<string, unknown>>;
  set(entries: Record<string, unknown>): Promise<void>;
}

/**
 * Stores as many sessions, copies of the one that was signed in to, each with an account and sites of its own. The one
 * that was signed in to keeps its first site, or has all sites when it is the only one; call it with fewer sessions first. Two
 * hundred sign-ins would take minutes.
 */
export async function storeSessions(bench: Bench, filling: Filling): Promise<void> {
  const { page, browser } = bench;
  const options = await browser.openExtensionPage('options/index.html');
  await options.evaluate(storeCopies, filling);
  await options.close();
  if (await browser.isWorkerRunning()) await browser.killWorker();
  // At its first start the background writes the second copy of everything that is new.
  await page.bringToFront();
  await page.evaluate(measureOne, 'threelo', urlsOf(bench, 100)[0] ?? '');
}

/** Runs in a page of the extension. */
async function storeCopies({ sessions, sites }: Filling): Promise<void> {
  const scope = globalThis as unknown as ExtensionScope;
  const { local, session: inMemory } = (scope.browser ?? scope.chrome).storage;
  const stored = Object.entries(await local.get(null));
  const sessionsSoFar = stored.filter(([key]) => key.startsWith('session:'));
  // The one that was signed in to has an id of the browser's own making.
  const [, signedIn] = sessionsSoFar.find(([name]) => !name.startsWith('session:00000000-')) ?? [];
  const session = signedIn as StoredSession;
  const key = `sites:${session.id}`;
  const known = Object.fromEntries(stored)[key] as StoredSites;
  // With an access token that has not expired, a session is not asked for its refresh token, which is bound to the original.
  const access = (await inMemory.get(null))[`access:${session.id}`] as StoredAccess;
  const [own] = known.sites;
  const { avatarUrl: _avatar, ...site } = own ?? { cloudId: '' };
  const named = (first: number, end: number) =>
    Array.from({ length: end - first }, (_, index) => {
      const name = `site-${String(first + index)}`;
      const cloudId = `11111111-1111-4111-8111-${String(first + index).padStart(12, '0')}`;
      return { ...site, cloudId, name, url: `https://${name}.atlassian.net` };
    });
  const copies = sessions - 1;
  const rest = sites - 1;
  const tokens: Record<string, unknown> = {};
  const entries: Record<string, unknown> = {
    // A later list is what the second copy is replaced by.
    [key]: {
      ...known,
      sitesReadAtMs: known.sitesReadAtMs + 1,
      sites: [own, ...(copies === 0 ? named(0, rest) : [])],
    },
  };
  for (let at = 0; at < copies; at += 1) {
    const number = String(at + 1);
    const id = `00000000-0000-4000-8000-${number.padStart(12, '0')}`;
    const first = Math.floor((rest * at) / copies);
    const end = Math.floor((rest * (at + 1)) / copies);
    const account = {
      accountId: `712020:${id}`,
      name: `Person ${number}`,
      email: `person-${number}@threelo.test`,
    };
    const binding = access.binding
      .replace(session.account.accountId, account.accountId)
      .replace(session.account.name, account.name)
      .replace(session.account.email, account.email);
    tokens[`access:${id}`] = { ...access, binding };
    entries[`session:${id}`] = { ...session, id, account };
    entries[`sites:${id}`] = { ...known, id, sites: named(first, end) };
  }
  await inMemory.set(tokens);
  await local.set(entries);
}
