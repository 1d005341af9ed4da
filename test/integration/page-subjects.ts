import { createPageApi } from '../../extension/content/page-api.ts';
import { ThreeloError } from '../../extension/content/threelo-error.ts';
import type { WorkerChannel } from '../../extension/content/worker-channel.ts';
import { createThreelo } from '../../extension/page-client/testing/index.ts';
import type { TestDecision, TestSite } from '../../extension/page-client/testing/types.ts';
import type { Fault } from '../../extension/core/values/fault.ts';
import { pageFault } from '../../extension/core/values/own-page-fault.ts';
import type { SiteRow } from '../../extension/wire/list-views.ts';
import type { Access, Threelo } from '../../extension/wire/page-api.ts';
import type { AskView, SessionView } from '../../extension/wire/views.ts';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../standin/facts/sites.ts';
import { dashboard, offeredSites, pageSender, runFlow } from '../support/harness.ts';
import { settled } from '../support/page-calls.ts';
import { systemCase } from '../support/samples/systems.ts';
import type { TestWorld } from '../support/test-world.ts';
import { addSystemClient, client, harness, session, standin, startSession } from './use-session.ts';

/** A request as it reached a site: at the site's own URL, without its authorization. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the person is asked: the URLs of the sites to choose from, or the access. */
export type AskedQuestion =
  | { readonly kind: 'site'; readonly sites: readonly string[] }
  | { readonly kind: 'access'; readonly access: Access };

/** The sites, and the person, behind a page: the same for each subject. */
export const behind = {
  sent: [] as SentRequest[],
  asked: [] as AskedQuestion[],
  answer: defaultAnswer as (request: Request) => Response | Promise<Response>,
  decide: (): TestDecision => false,
};

function defaultAnswer({ method }: Request): Response {
  return method === 'HEAD' ? new Response() : Response.json({ ok: true });
}

/** From now on the sites answer, and the person denies, as at the beginning. */
export function beginAnew(): void {
  Object.assign(behind, { sent: [], asked: [], answer: defaultAnswer, decide: () => false });
}

/** Answers a request, and notes it. */
async function answered(request: Request): Promise<Response> {
  const { method, url } = request;
  const headers = Object.fromEntries(request.headers);
  delete headers['authorization'];
  const body = await request.clone().text();
  behind.sent.push({ method, url, headers, body });
  return behind.answer(request);
}

/** What can be granted: two products at two cloud sites of Ada, one of them also Bo's, and a Data Center product. */
export const siteNames = [
  'acmeJira',
  'acmeWiki',
  'globexJira',
  'globexJiraOfBo',
  'ownJira',
] as const;
export type SiteName = (typeof siteNames)[number];

/** Their URLs, and the accounts. */
const sites = {
  acmeJira: {
    url: 'https://acme.atlassian.net',
    product: 'jira',
    cloudId: ACME_CLOUD_ID,
    account: 'Ada',
  },
  acmeWiki: {
    url: 'https://acme.atlassian.net',
    product: 'confluence',
    cloudId: ACME_CLOUD_ID,
    account: 'Ada',
  },
  globexJira: {
    url: 'https://globex.atlassian.net',
    product: 'jira',
    cloudId: GLOBEX_CLOUD_ID,
    account: 'Ada',
  },
  globexJiraOfBo: {
    url: 'https://globex.atlassian.net',
    product: 'jira',
    cloudId: GLOBEX_CLOUD_ID,
    account: 'Bo',
  },
  ownJira: {
    url: 'https://dc.example.test/jira',
    product: 'jira',
    cloudId: undefined,
    account: 'own',
  },
} as const satisfies Record<SiteName, object>;

/** What the person grants in the popup. */
export interface Granted {
  readonly sites: readonly SiteName[];
  readonly access?: Access;
  readonly paths?: readonly string[];
}

/** A page with its API: over the real background, or over the double. */
export interface PageSubject {
  readonly threelo: Threelo;
  /** The person connects the page, or changes its connection. */
  grant(granted: Granted): Promise<void>;
  /** The person disconnects the page. */
  disconnect(): Promise<void>;
  /** Lets time pass, so that earlier calls do not count for the limits of the rate. */
  passTime(): void;
}

/** A page over the double of `threelo/testing`. */
export function openDouble(): Promise<PageSubject> {
  const testSite = (name: SiteName): TestSite => {
    const { url, product, cloudId, account } = sites[name];
    const label = name === 'ownJira' ? 'dc.example.test/jira' : nameOf(url);
    return { url, product, name: label, account, ...(cloudId === undefined ? {} : { cloudId }) };
  };
  const double = createThreelo({
    sites: [],
    accounts: [
      { id: 'Ada', name: 'Ada Example' },
      { id: 'Bo', name: 'Bo Example' },
      { id: 'own', name: 'Ada Example' },
    ],
    answer: answered,
    decide: (question) => {
      behind.asked.push(
        question.kind === 'site'
          ? { kind: 'site', sites: question.sites.map(({ url }) => url) }
          : { kind: 'access', access: question.access },
      );
      return behind.decide();
    },
  });
  return Promise.resolve({
    threelo: double.threelo,
    grant: (granted) => {
      double.grant({ ...granted, sites: granted.sites.map(testSite) });
      return Promise.resolve();
    },
    disconnect: () => {
      double.disconnect();
      return Promise.resolve();
    },
    passTime: () => undefined,
  });
}

function nameOf(url: string): string {
  return url.includes('acme') ? 'Acme' : 'Globex';
}

/** A page over the real background. Its sessions come from the stand-in; the API is answered as that of the double. */
export async function openBroker(): Promise<PageSubject> {
  const events = new EventTarget();
  await startSession({
    sites: () => [],
    prepare: (world) => {
      answerApi(world);
      askPerson(world);
      const notifyPages = (): Promise<void> => {
        events.dispatchEvent(new Event('change'));
        return Promise.resolve();
      };
      Object.assign(world, { notifyPages });
    },
  });
  const ada = session;
  const { person } = harness.world;
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: 'bo' }),
  });
  await runFlow(harness, client);
  harness.world.person = person;
  const own = await addSystemClient(systemCase('Data Center, jira'), { scopes: ['WRITE'] });
  await runFlow(harness, own);
  const sessions = await harness.ui('session.list', {});
  const sessionOf = (account: string): SessionView => {
    const isOwn = (one: SessionView): boolean => one.clientId === own.id;
    if (account === 'Ada') return ada;
    return sessions.find((one) =>
      account === 'own' ? isOwn(one) : one.id !== ada.id && !isOwn(one),
    )!;
  };
  const grantedSites = (names: readonly SiteName[]) =>
    names.map((name) => {
      const { id, sites: reached } = sessionOf(sites[name].account);
      const { url, product } = sites[name];
      const site = reached.find((one) => one.url === url && one.product === product)!;
      return { cloudId: site.cloudId, product, sessionId: id };
    });
  const channel: WorkerChannel = {
    send: async (name, body) => {
      const message = { v: 1, name, body: cloned(body) };
      const replying = harness.raw(message, pageSender(dashboard));
      // Bytes that follow soon are awaited for some milliseconds.
      if (name.startsWith('api.')) letTimePass(replying);
      const reply = (await replying) as { ok: true; value: never } | { ok: false; fault: Fault };
      if (reply.ok) return reply.value;
      throw new ThreeloError(reply.fault);
    },
  };
  return {
    threelo: createPageApi(channel, events, '0.0.0'),
    grant: async ({ sites: names, access = 'read', paths }) => {
      harness.world.hosts.add(`${dashboard}/*`);
      await harness.ui('grant.prepare', {
        origin: dashboard,
        sites: grantedSites(names),
        access,
        ...(paths === undefined ? {} : { paths: [...paths] }),
      });
    },
    disconnect: async () => {
      await harness.ui('grant.remove', { origin: dashboard });
    },
    passTime: () => {
      harness.world.elapse(3000);
    },
  };
}

/** Lets time pass until some work ends, slowly enough for no limit of time to be reached. */
function letTimePass(work: Promise<unknown>): void {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  const pass = async (): Promise<void> => {
    do {
      await settled();
      if (!isOver) harness.world.elapse(5);
    } while (!isOver);
  };
  void pass();
}

/** As the page's side of the extension posts it. */
function cloned(body: unknown): unknown {
  try {
    return structuredClone(body);
  } catch {
    throw new ThreeloError(pageFault('invalid_request'));
  }
}

/** Has what is sent to the products answered by `behind`. */
function answerApi(world: TestWorld): void {
  const { fetch } = world;
  Object.assign(world, {
    fetch: (input: string, init: RequestInit) => {
      const url = siteUrlOf(input);
      if (url === undefined) return fetch(input, init);
      const aborted = new Promise<never>((_, reject) => {
        init.signal?.addEventListener('abort', () => {
          reject(init.signal?.reason as Error);
        });
      });
      return Promise.race([answered(new Request(url, init)), aborted]);
    },
  });
}

/** The URL at the site's own address; undefined for what is not sent for a page. */
function siteUrlOf(target: string): string | undefined {
  const [, cloudId, path = ''] =
    /^https:\/\/api\.atlassian\.com\/ex\/\w+\/([^/]+)(.*)$/u.exec(target) ?? [];
  const found = siteNames.find((name) => sites[name].cloudId === cloudId);
  if (cloudId !== undefined && found !== undefined) return `${sites[found].url}${path}`;
  const isOwn =
    target.startsWith(`${sites.ownJira.url}/rest/api/2/`) && !target.endsWith('/myself');
  return isOwn ? target : undefined;
}

/** Has the questions answered by `behind`, as soon as their window opens. */
function askPerson(world: TestWorld): void {
  const { openOwn } = world.windows;
  Object.assign(world.windows, {
    openOwn: async (path: string, size: never) => {
      const windowId = await openOwn(path, size);
      void harness.ui('ask.list', {}).then(async (asks) => {
        const ask = asks.find(({ id }) => path.endsWith(id));
        if (ask === undefined) return;
        const offered = await offeredSites(harness, ask.id);
        behind.asked.push(
          ask.kind === 'site'
            ? { kind: 'site', sites: offered.map(({ url }) => url) }
            : { kind: 'access', access: ask.access },
        );
        // The question may have ended meanwhile.
        await decide(ask, offered, behind.decide()).catch(() => undefined);
      });
      return windowId;
    },
  });
}

async function decide(
  ask: AskView,
  offered: readonly SiteRow[],
  decision: TestDecision,
): Promise<void> {
  const { id, access, paths } = ask;
  const keyOf = ({ product, cloudId, sessionId }: SiteRow) => `${product}:${cloudId}:${sessionId}`;
  if (decision === false) {
    await harness.ui('ask.decide', { id, decision: { allow: false } });
    return;
  }
  const chosen = offered.filter((site) =>
    typeof decision === 'string' ? keyOf(site) === decision : site.isGranted,
  );
  const allowed = ask.kind === 'site' ? chosen.slice(0, 1) : chosen;
  await harness.ui('ask.decide', {
    id,
    decision: {
      allow: true,
      sites: allowed.map(({ product, cloudId, sessionId }) => ({ product, cloudId, sessionId })),
      access,
      ...(paths === undefined ? {} : { paths: [...paths] }),
    },
  });
}
