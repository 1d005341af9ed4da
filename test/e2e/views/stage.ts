import { destinationOf, type Destination } from '#core/client/secret-destination.ts';
import { holderOf } from '#core/session/session.ts';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import { shownTexts } from '../../locales/shown-texts.ts';
import { pollUntil } from '../machine/deadline.ts';
import { callThreelo, dashboard, waitForApi, type Setting } from '../steps/steps.ts';
import type { Cast, CastClient, CastSession } from './casts.ts';
import { readArea, requestHostsAtClick, sendCommand, writeArea } from './extension-page.ts';

/** Where views are looked at: a browser with a page of the extension in a tab, and a page that is connected where the store has one. */
export interface Stage {
  readonly setting: Setting;
  /** A tab with `options/index.html`. */
  readonly options: PageUnderTest;
  /** A tab with `https://dashboard.example/`. */
  readonly page: PageUnderTest;
  /** A tab with a page that is not connected. */
  readonly other: PageUnderTest;
  /** The text of a key, in the language that the extension shows. */
  readonly text: (key: string) => string;
}

type Holder = Parameters<typeof holderOf>[0];

interface StoredSession extends Holder {
  readonly id: string;
  readonly clientId: string;
  readonly [member: string]: unknown;
}
interface StoredSites {
  readonly sites: readonly { readonly cloudId: string; readonly product: string }[];
  readonly [member: string]: unknown;
}
/** The two entries of a session. */
interface Entries {
  readonly session: StoredSession;
  readonly list: StoredSites;
}

const endpoints = {
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
} as const;
const noEndpoints = { authorizationEndpoint: '', tokenEndpoint: '' } as const;
const clientSecret = 'a-secret-of-the-stand-in-0123456789abcdef';

/** Opens the tabs over an empty store, for an extension that shows this language. */
export async function openStage(setting: Setting, language = 'en'): Promise<Stage> {
  const other = await setting.browser.openPage('https://frame.example/');
  const page = await setting.browser.openPage(dashboard);
  const options = await setting.browser.openExtensionPage('options/index.html');
  return { setting, options, page, other, text: textIn(language) };
}

function textIn(language: string): Stage['text'] {
  const texts = shownTexts(language);
  return (key) => {
    const text = texts[key]?.message;
    if (text === undefined) throw new Error(`There is no text ${key}.`);
    return text;
  };
}

/** Fills the empty store. The first account signs in; the other sessions are copies of its session. */
export async function fillStore(stage: Stage, cast: Cast): Promise<void> {
  const { setting, options, page } = stage;
  await allowHosts(stage);
  const clientIds = await createClients(stage, cast.clients);
  nameAccount(setting, cast);
  const signedIn = await signIn(stage, clientIds[0] ?? '', cast.own.account);
  const copies = cast.sessions.map((session, at) =>
    copyOf(signedIn, session, {
      at,
      clientIds,
      scopes: cast.clients[session.client]?.scopes ?? [],
    }),
  );
  await writeCopies(stage, signedIn, copies);
  await restartWorker(stage);
  for (const { sessions, sitesEach, ...grant } of cast.pages) {
    const sites = [signedIn, ...copies]
      .filter((_, at) => sessions.includes(at))
      .flatMap(({ session: { id }, list }) =>
        list.sites.slice(0, sitesEach).map((site) => granted(id, site)),
      );
    await sendCommand(options, 'grant.prepare', { ...grant, sites });
  }
  // The popup would say that the last page is connected now.
  await sendCommand(options, 'grant.dismiss', {});
  await page.bringToFront();
  await waitForApi(page);
  await makeCalls(page);
}

/** Ends the worker, so that it reads what was written to the storage. */
export async function restartWorker({ setting: { browser } }: Stage): Promise<void> {
  if (await browser.isWorkerRunning()) await browser.killWorker();
}

/** Stores the copies, each with an access token: a session without a token that can be read counts as one that needs its person. */
async function writeCopies(
  { options }: Stage,
  signedIn: Entries,
  copies: readonly Entries[],
): Promise<void> {
  const [local, session] = [await readArea(options, 'local'), await readArea(options, 'session')];
  const access = session[`access:${signedIn.session.id}`] as object;
  const tokens = copies.map(({ session: copy }) => {
    const client = local[`client:${copy.clientId}`] as Destination;
    const binding = JSON.stringify([destinationOf(client), holderOf(copy)]);
    return [`access:${copy.id}`, { ...access, binding }] as const;
  });
  await writeArea(options, 'session', Object.fromEntries(tokens));
  const sessions = copies.flatMap(({ session: copy, list }): [string, unknown][] => [
    [`session:${copy.id}`, copy],
    [`sites:${copy.id}`, list],
  ]);
  await writeArea(options, 'local', Object.fromEntries(sessions));
}

interface CopyContext {
  readonly at: number;
  readonly clientIds: readonly string[];
  /** Those of its client. */
  readonly scopes: readonly string[];
}

/** A copy of a stored session for another account, with sites of its own. */
function copyOf(
  signedIn: Entries,
  { client, name, email, sites }: CastSession,
  { at, clientIds, scopes }: CopyContext,
): Entries {
  const id = `00000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`;
  const session = {
    ...signedIn.session,
    id,
    clientId: clientIds[client] ?? signedIn.session.clientId,
    account: { accountId: `712020:${id}`, name, email },
    scopes,
  };
  const list = { ...signedIn.list, id, sites: sites.map((site) => ({ ...site, scopes })) };
  return { session, list };
}

const granted = (
  sessionId: string,
  { cloudId, product }: { cloudId: string; product: string },
): object => ({ cloudId, product, sessionId });

/** The hosts of all pages and servers at once, as a person who answers the browser's prompt. */
async function allowHosts({ setting: { browser }, options, text }: Stage): Promise<void> {
  const hosts = ['dashboard.example', '*.threelo.test', 'dc.example.test', 'legacy.example.test'];
  await requestHostsAtClick(
    options,
    hosts.map((host) => `https://${host}/*`),
  );
  await options.click({ role: 'link', name: text('clients') });
  await browser.answerPermissionPrompt('allow');
}

async function createClients(
  { setting: { standin }, options }: Stage,
  clients: readonly CastClient[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const client of clients) {
    const isCloud = client.type === 'atlassian-cloud';
    const { id, redirectUri } = await sendCommand<{ id: string; redirectUri: string }>(
      options,
      'client.create',
      { client: { ...client, ...(isCloud ? endpoints : noEndpoints), clientSecret } },
    );
    ids.push(id);
    const { clientId, name } = client;
    if (isCloud) standin.apps.add({ clientId, clientSecret, name, callbackUrls: [redirectUri] });
  }
  return ids;
}

function nameAccount({ standin }: Setting, { own }: Cast): void {
  standin.accounts.get('ada').name = own.account;
  standin.sites.forEach((site, at) => (site.name = own.sites[at] ?? site.name));
}

async function signIn(
  { setting: { browser }, options }: Stage,
  clientId: string,
  account: string,
): Promise<Entries> {
  await sendCommand(options, 'flow.start', { clientId });
  const auth = await browser.waitForAuthWindow();
  await auth.click(`Log in as ${account}`);
  await auth.waitForText('Accept');
  await auth.click('Accept');
  await auth.waitForClosed();
  await pollUntil(
    async () => ('outcome' in (await readArea(options, 'session')) ? true : undefined),
    'the sign-in to end',
  );
  await sendCommand(options, 'flow.dismiss', {});
  const stored = await readArea(options, 'local');
  const [, entry] = Object.entries(stored).find(([key]) => key.startsWith('session:')) ?? [];
  const session = entry as StoredSession;
  return { session, list: stored[`sites:${session.id}`] as StoredSites };
}

/** Calls that end in each way that a page meets: an answer, nothing found, a scope that is missing, no right to write. */
async function makeCalls(page: PageUnderTest): Promise<void> {
  const calls: readonly (readonly [path: string, init?: RequestInit])[] = [
    ['https://acme.atlassian.net/rest/api/3/myself'],
    ['https://acme.atlassian.net/rest/api/3/issue/NONE-1'],
    ['https://acme.atlassian.net/rest/api/3/project/search'],
    ['https://acme.atlassian.net/rest/api/3/application-properties'],
    ['https://acme.atlassian.net/rest/api/3/issue/ROC-80', { method: 'PUT', body: '{}' }],
  ];
  for (const [path, init] of calls) await callThreelo(page, path, init);
}
