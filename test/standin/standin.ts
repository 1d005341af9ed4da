import { cloudSystem } from './atlassian/cloud.ts';
import { walkConsent, type ConsentChoice } from './consent-walk.ts';
import { openDataCenter, type DataCenter } from './data-center/data-center.ts';
import { startClock, type StandinClock } from './facts/clock.ts';
import {
  COMMERCIAL_CLOUD,
  GOVERNMENT_CLOUD,
  ISOLATED_CLOUD,
  isKnownHost,
  OTHER_HOSTS,
  PRODUCTION_HOSTS,
  type CloudHosts,
} from './facts/hosts.ts';
import type { IssuedSecret, IssuedSink } from './facts/secrets.ts';
import { makeAccounts, makeSites, type Accounts, type Site } from './facts/sites.ts';
import { openGeneric, type GenericProviders } from './generic/generic.ts';
import { openGoogle, type Google } from './google-microsoft/google.ts';
import { openMicrosoft, type Microsoft } from './google-microsoft/microsoft.ts';
import { makeCertificates } from './http/certificates.ts';
import { startConnectProxy } from './http/connect-proxy.ts';
import { openFaults, type Faults } from './http/faults.ts';
import { startPlainServer, startTlsServer } from './http/tls-server.ts';
import { openLog, type TrafficLog } from './http/traffic-log.ts';
import { openLimits, type Limits } from './limits/limits.ts';
import { makeMemoryFetch, type MemoryServerParts } from './memory-server.ts';
import { openOAuth1, type OAuth1Providers } from './oauth1/oauth1.ts';
import { makeRouter } from './router.ts';
import { makeFetch } from './standin-fetch.ts';
import { demoAppOf, openApps, type Apps, type AppSpec } from './state/apps.ts';
import { openAuditor, type Auditor } from './state/auditor.ts';
import { openCodes } from './state/codes.ts';
import { makeContent, type Content } from './state/content.ts';
import type { Settings } from './state/settings.ts';
import { openSystems, type SystemParts, type Systems } from './state/system.ts';
import { openFamilies, type Grant, type TokenPair } from './state/token-families.ts';
import type { World } from './state/world.ts';
import { openPages, type TestPages } from './test-pages.ts';

/** How to start; everything has a default. */
export interface StandinOptions {
  /** Apps present at start, besides nothing; default: the demo app. */
  readonly apps?: readonly AppSpec[];
  /** More host names to play (pages only); `*.` stands for one label. */
  readonly extraHosts?: readonly string[];
  readonly pkce?: Settings['pkce'];
  readonly xsrf?: Settings['xsrf'];
  readonly leewayMs?: number;
  readonly secondConsent?: Settings['secondConsent'];
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

/** One Atlassian cloud. Its `Settings` can be assigned at any time. */
export interface Cloud extends Settings {
  readonly hosts: CloudHosts;
  readonly apps: Apps;
  readonly accounts: Accounts;
  readonly sites: Site[];
  readonly content: Content;
  /** Rate limits; enforced in Atlassian Cloud only. */
  readonly limits: Limits;
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
}

/** The systems besides Atlassian Cloud; each exists from the first time it is asked for. */
export interface OtherSystems {
  /** The Government Cloud: Atlassian Cloud under other hosts, with apps and tokens of its own. */
  readonly gov: Cloud;
  /** A cloud under invented hosts. */
  readonly isolated: Cloud;
  /** Jira, Confluence, Bitbucket and Bamboo as OAuth 2.0 providers. */
  readonly dataCenter: DataCenter;
  /** An application link of an old Jira, and a third party. */
  readonly oauth1: OAuth1Providers;
  /** Two OpenID providers. */
  readonly generic: GenericProviders;
  readonly google: Google;
  readonly microsoft: Microsoft;
}

/** A running stand-in. */
export interface Standin extends Cloud, OtherSystems {
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
  /** Every secret string given out, in order. */
  readonly issued: IssuedSecret[];
  /** Walks login and consent of any system over the real forms; resolves with the callback's address. */
  consent(authorizeUrl: string, choice?: ConsentChoice): Promise<string>;
  close(): Promise<void>;
}

/** Starts the TLS server and the proxy on loopback, unless it is to live in memory alone. */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  const knownHosts = [...PRODUCTION_HOSTS, ...(options.extraHosts ?? [])];
  const plainHosts: string[] = [];
  const { log, changed } = openLog();
  const { faults, take } = openFaults();
  const pages = openPages();
  const refusedHosts: string[] = [];
  const issued: IssuedSecret[] = [];
  const { transport = 'tls' } = options;
  const clock = startClock(transport === 'memory');
  const auditor = openAuditor();
  const world = makeWorld(options, COMMERCIAL_CLOUD, { clock, auditor, issued });
  const systems = openSystems(knownHosts, plainHosts);
  const cloud = cloudSystem(world);
  const handle = makeRouter({ clock, auditor, pages, knownHosts, cloud, systems, issued });
  const parts = { clock, log, changed, take, handle, knownHosts, plainHosts, refusedHosts };
  const network = transport === 'memory' ? inMemory(parts) : await onLoopback(parts, options);
  const issuedBy: SystemParts['issuedBy'] = (system) => ({
    push: (secret) => issued.push({ ...secret, system }),
  });
  const isPlayed = (host: string) =>
    isKnownHost([`*.${COMMERCIAL_CLOUD.domain}`], host) || systems.at(host) !== undefined;
  const { accounts } = world;
  const walker = { fetch: network.fetch, accounts, isPlayed };
  const standin = Object.assign(controlsOf(world), {
    ...network,
    clock,
    log,
    refusedHosts,
    faults,
    auditor,
    pages,
    issued,
    consent: (authorizeUrl: string, choice: ConsentChoice = {}) =>
      walkConsent(walker, authorizeUrl, choice),
    close: async () => {
      await Promise.all([network.close(), systems.close()]);
    },
  });
  return addOtherSystems(standin, systems, { clock, auditor, issuedBy, accounts });
}

type Network = Pick<
  Standin,
  'caCertificatePem' | 'close' | 'fetch' | 'proxyPort' | 'spkiSha256Base64' | 'tlsPort'
>;

function inMemory(parts: MemoryServerParts): Network {
  return {
    tlsPort: 0,
    proxyPort: 0,
    caCertificatePem: '',
    spkiSha256Base64: '',
    fetch: makeMemoryFetch(parts),
    close: () => Promise.resolve(),
  };
}

async function onLoopback(parts: MemoryServerParts, options: StandinOptions): Promise<Network> {
  const { knownHosts, plainHosts, refusedHosts } = parts;
  const certificates = await makeCertificates([...knownHosts, ...OTHER_HOSTS]);
  const tls = await startTlsServer({ ...parts, certificates, port: options.tlsPort ?? 0 });
  const plain = await startPlainServer({ ...parts, certificates, port: 0 });
  const route = { knownHosts, tlsPort: tls.port, plainHosts, plainPort: plain.port, refusedHosts };
  const proxy = await startConnectProxy({ ...route, port: options.proxyPort ?? 0 });
  const { caPem, spkiSha256Base64 } = certificates;
  const client = makeFetch({ ...route, caPem });
  return {
    tlsPort: tls.port,
    proxyPort: proxy.port,
    caCertificatePem: caPem,
    spkiSha256Base64,
    fetch: client.fetch,
    close: async () => {
      await client.close();
      await Promise.all([proxy.close(), tls.close(), plain.close()]);
    },
  };
}

function addOtherSystems<T extends object>(
  standin: T,
  systems: Systems,
  parts: SystemParts,
): T & OtherSystems {
  const aCloud = (hosts: CloudHosts) =>
    systems.lazily(() => {
      const issued = parts.issuedBy(hosts.name);
      const world = makeWorld({}, hosts, { ...parts, issued });
      return { system: cloudSystem(world), value: controlsOf(world) };
    });
  const getters: { [Name in keyof OtherSystems]: () => OtherSystems[Name] } = {
    gov: aCloud(GOVERNMENT_CLOUD),
    isolated: aCloud(ISOLATED_CLOUD),
    dataCenter: systems.lazily(() => openDataCenter(parts)),
    oauth1: systems.lazily(() => openOAuth1(parts)),
    generic: systems.lazily(() => openGeneric(parts)),
    google: systems.lazily(() => openGoogle(parts)),
    microsoft: systems.lazily(() => openMicrosoft(parts)),
  };
  for (const [name, get] of Object.entries(getters)) Object.defineProperty(standin, name, { get });
  return standin as T & OtherSystems;
}

function controlsOf(world: World): Cloud {
  const { hosts, apps, accounts, sites, content, limits } = world;
  const parts = { hosts, apps, accounts, sites, content, limits };
  return Object.assign(world.settings, grantControls(world), parts);
}

function makeWorld(
  options: StandinOptions,
  hosts: CloudHosts,
  { clock, auditor, issued }: Pick<World, 'clock' | 'auditor'> & { issued: IssuedSink },
): World {
  const settings: Settings = {
    pkce: options.pkce ?? 'required',
    xsrf: options.xsrf ?? 'off',
    expiredAnswer: 'unauthorized',
    accessibleResources: 'api',
    leewayMs: options.leewayMs ?? 600_000,
    secondConsent: options.secondConsent ?? 'ends-first',
    rotation: options.rotation ?? 'always',
    authorize: { tamper: {}, autoConsent: options.autoConsent ?? false },
  };
  const apps = openApps();
  (options.apps ?? [demoAppOf(hosts)]).forEach((app) => apps.add(app));
  return {
    hosts,
    settings,
    clock,
    apps,
    auditor,
    accounts: makeAccounts(hosts.cloudIds),
    sites: makeSites(hosts),
    codes: openCodes(clock, issued),
    families: openFamilies({
      clock,
      auditor,
      issued,
      leewayMs: () => settings.leewayMs,
      keepsBoth: () => settings.secondConsent === 'keeps-both',
      rotates: (before) =>
        settings.rotation === 'always' ||
        (settings.rotation === 'every-second' && before % 2 === 1),
    }),
    content: makeContent(hosts.cloudIds),
    limits: openLimits(clock, hosts === COMMERCIAL_CLOUD),
    mediaTokens: new Map(),
    logins: new Map(),
    tickets: new Map(),
    seenStates: new Set(),
  };
}

function grantControls({ families, accounts, hosts }: World) {
  const live = () => families.grants().filter((grant) => !grant.isRevoked);
  return {
    grants: () => families.grants(),
    grant: ({ clientId, account, scopes, sites }: Parameters<Standin['grant']>[0]) => {
      const owner = accounts.get(account ?? 'ada');
      return families.begin({
        clientId: clientId ?? demoAppOf(hosts).clientId,
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
