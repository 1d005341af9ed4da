import { DEMO_APP, openApps, type Apps, type AppSpec } from './apps.ts';
import { openAuditor, type Auditor } from './auditor.ts';
import { makeCertificates } from './certificates.ts';
import { startClock, type StandinClock } from './clock.ts';
import { openCodes } from './codes.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { walkConsent, type ConsentChoice } from './consent-walk.ts';
import { makeContent, type Content } from './content.ts';
import { openFaults, type Faults } from './faults.ts';
import { PRODUCTION_HOSTS } from './hosts.ts';
import { makeMemoryFetch, type MemoryServerParts } from './memory-server.ts';
import { makeRouter } from './router.ts';
import type { IssuedSecret } from './secrets.ts';
import { makeAccounts, makeSites, type Accounts, type Site } from './sites.ts';
import { makeFetch } from './standin-fetch.ts';
import { openPages, type TestPages } from './test-pages.ts';
import { startTlsServer } from './tls-server.ts';
import { openFamilies, type Grant, type TokenPair } from './token-families.ts';
import { openLog, type TrafficLog } from './traffic-log.ts';
import type { Settings, World } from './world.ts';

/** How to start; everything has a default. */
export interface StandinOptions {
  /** Apps present at start, besides nothing; default: the demo app. */
  readonly apps?: readonly AppSpec[];
  /** More host names to play (pages only); `*.` stands for one label. */
  readonly extraHosts?: readonly string[];
  readonly pkce?: Settings['pkce'];
  readonly xsrf?: Settings['xsrf'];
  readonly leewayMs?: number;
  readonly rotation?: Settings['rotation'];
  /** `memory`: only {@link Standin.fetch} reaches it, without sockets, and its clock stands unless moved. */
  readonly transport?: 'memory' | 'tls';
  readonly autoConsent?: boolean | string;
  /** Fixed ports; default: any free one. */
  readonly tlsPort?: number;
  readonly proxyPort?: number;
}

/** Which grants to narrow, and to what. */
export interface Narrowing {
  readonly accountId?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Cloud ids. */
  readonly sites?: readonly string[];
}

/** A running stand-in for Atlassian Cloud. Its `Settings` can be assigned at any time. */
export interface Standin extends Settings {
  readonly tlsPort: number;
  readonly proxyPort: number;
  readonly caCertificatePem: string;
  /** For Chromium's --ignore-certificate-errors-spki-list. */
  readonly spkiSha256Base64: string;
  /** Production hosts are the stand-in; every other host fails with TypeError. */
  readonly fetch: typeof fetch;
  readonly clock: StandinClock;
  readonly log: TrafficLog;
  /** `host:port` of every target that was asked for and is not played. */
  readonly refusedHosts: string[];
  readonly faults: Faults;
  readonly auditor: Auditor;
  readonly pages: TestPages;
  readonly apps: Apps;
  readonly accounts: Accounts;
  readonly sites: Site[];
  readonly content: Content;
  /** Every secret string given out, in order. */
  readonly issued: IssuedSecret[];
  /** Grants so far, revoked ones included. */
  grants(): Grant[];
  /** A grant without the ceremony: as after a code exchange. */
  grant(spec: {
    clientId?: string;
    account?: string;
    scopes: string[];
    sites?: string[];
  }): TokenPair;
  /** Revokes what an account granted to an app, as on the Connected apps page. */
  revokeGrant(accountId: string, clientId: string): void;
  /** Ends every access token before its time; the refresh tokens stay. */
  expireAccessTokens(): void;
  /** Takes scopes or sites away from live grants. */
  narrow(narrowing: Narrowing): void;
  /** Walks login and consent over the real forms; resolves with the callback's address. */
  consent(authorizeUrl: string, choice?: ConsentChoice): Promise<string>;
  close(): Promise<void>;
}

/** Starts the TLS server and the proxy on loopback, unless it is to live in memory alone. */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  const knownHosts = [...PRODUCTION_HOSTS, ...(options.extraHosts ?? [])];
  const { log, changed } = openLog();
  const { faults, take } = openFaults();
  const pages = openPages();
  const refusedHosts: string[] = [];
  const issued: IssuedSecret[] = [];
  const world = makeWorld(options, issued);
  const handle = makeRouter(world, pages, knownHosts);
  const parts = { clock: world.clock, log, changed, take, handle, knownHosts, refusedHosts };
  const { transport = 'tls' } = options;
  const network = transport === 'memory' ? inMemory(parts) : await onLoopback(parts, options);
  return Object.assign(world.settings, {
    ...grantControls(world),
    ...network,
    clock: world.clock,
    log,
    refusedHosts,
    faults,
    auditor: world.auditor,
    pages,
    apps: world.apps,
    accounts: world.accounts,
    sites: world.sites,
    content: world.content,
    issued,
    consent: (authorizeUrl: string, choice: ConsentChoice = {}) =>
      walkConsent(network.fetch, world.accounts, authorizeUrl, choice),
  });
}

type Network = Pick<
  Standin,
  'caCertificatePem' | 'close' | 'fetch' | 'proxyPort' | 'spkiSha256Base64' | 'tlsPort'
>;

function inMemory(parts: MemoryServerParts): Network {
  return {
    ...{ tlsPort: 0, proxyPort: 0, caCertificatePem: '', spkiSha256Base64: '' },
    fetch: makeMemoryFetch(parts),
    close: () => Promise.resolve(),
  };
}

async function onLoopback(parts: MemoryServerParts, options: StandinOptions): Promise<Network> {
  const { knownHosts, refusedHosts } = parts;
  const certificates = await makeCertificates(knownHosts);
  const tls = await startTlsServer({ ...parts, certificates, port: options.tlsPort ?? 0 });
  const proxy = await startConnectProxy({
    knownHosts,
    tlsPort: tls.port,
    refusedHosts,
    port: options.proxyPort ?? 0,
  });
  const { caPem, spkiSha256Base64 } = certificates;
  const client = makeFetch({ knownHosts, tlsPort: tls.port, caPem, refusedHosts });
  return {
    ...{ tlsPort: tls.port, proxyPort: proxy.port, caCertificatePem: caPem, spkiSha256Base64 },
    fetch: client.fetch,
    close: async () => {
      await client.close();
      await Promise.all([proxy.close(), tls.close()]);
    },
  };
}

function makeWorld(options: StandinOptions, issued: IssuedSecret[]): World {
  const settings: Settings = {
    pkce: options.pkce ?? 'required',
    xsrf: options.xsrf ?? 'off',
    expiredAnswer: 'unauthorized',
    leewayMs: options.leewayMs ?? 600_000,
    rotation: options.rotation ?? 'always',
    authorize: { tamper: {}, autoConsent: options.autoConsent ?? false },
  };
  const clock = startClock(options.transport === 'memory');
  const auditor = openAuditor();
  const apps = openApps();
  (options.apps ?? [DEMO_APP]).forEach((app) => apps.add(app));
  return {
    settings,
    clock,
    apps,
    auditor,
    accounts: makeAccounts(),
    sites: makeSites(),
    codes: openCodes(clock, issued),
    families: openFamilies({
      ...{ clock, auditor, issued, leewayMs: () => settings.leewayMs },
      rotates: (before) =>
        settings.rotation === 'always' ||
        (settings.rotation === 'every-second' && before % 2 === 1),
    }),
    content: makeContent(),
    logins: new Map(),
    tickets: new Map(),
    seenStates: new Set(),
  };
}

function grantControls({ families, accounts }: World) {
  const live = () => families.grants().filter((grant) => !grant.isRevoked);
  return {
    grants: () => families.grants(),
    grant: ({ clientId, account, scopes, sites }: Parameters<Standin['grant']>[0]) => {
      const owner = accounts.get(account ?? 'ada');
      return families.begin({
        clientId: clientId ?? DEMO_APP.clientId,
        accountId: owner.accountId,
        scopes: [...scopes],
        cloudIds: [...(sites ?? owner.sites)],
      });
    },
    expireAccessTokens: () => families.expireAccessTokens(),
    revokeGrant: (accountId: string, clientId: string) => {
      const owner = accounts.get(accountId);
      live()
        .filter((grant) => grant.accountId === owner.accountId && grant.clientId === clientId)
        .forEach((grant) => (grant.isRevoked = true));
    },
    narrow: ({ accountId, clientId, scopes, sites }: Narrowing) => {
      const owner = accountId === undefined ? undefined : accounts.get(accountId);
      for (const grant of live()) {
        if (owner !== undefined && grant.accountId !== owner.accountId) continue;
        if (clientId !== undefined && grant.clientId !== clientId) continue;
        if (scopes) grant.scopes = grant.scopes.filter((scope) => scopes.includes(scope));
        if (sites) grant.cloudIds = grant.cloudIds.filter((id) => sites.includes(id));
      }
    },
  };
}
