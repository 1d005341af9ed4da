/** A site that a session reaches, one product of it. */
export interface CastSite {
  readonly name: string;
  readonly cloudId: string;
  readonly url: string;
  readonly product: 'jira' | 'confluence' | 'generic';
}

/** A client as it is created; the members that its type does not need are absent. */
export interface CastClient {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly baseUrl?: string;
  readonly product?: string;
}

/** An account that signed in, beside the one that does so in the browser. */
export interface CastSession {
  /** Index of its client in {@link Cast.clients}. */
  readonly client: number;
  readonly name: string;
  readonly email: string;
  readonly sites: readonly CastSite[];
}

/** A connected page. */
export interface CastPage {
  readonly origin: string;
  readonly access: 'read' | 'write';
  readonly duration: 'always' | 'session';
  readonly paths?: readonly string[];
  /** Indexes of the sessions whose sites it gets: 0 is the account that signed in, the others follow. */
  readonly sessions: readonly number[];
  /** How many sites of each. */
  readonly sitesEach: number;
}

/** What a store is filled with. */
export interface Cast {
  /** The first one is signed in with. */
  readonly clients: readonly CastClient[];
  /** The names of the account that signs in, and of the sites that it reaches. */
  readonly own: { readonly account: string; readonly sites: readonly [string, string] };
  readonly sessions: readonly CastSession[];
  readonly pages: readonly CastPage[];
}

const jiraScopes = ['read:jira-work', 'read:jira-user', 'read:me', 'offline_access'];
const allScopes = [
  ...jiraScopes,
  'write:jira-work',
  'read:confluence-content.all',
  'search:confluence',
];

const uuid = (kind: number, number: number): string =>
  `${String(kind).repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

function aSite(number: number, name: string, product: CastSite['product'] = 'jira'): CastSite {
  const label = name.replaceAll(/[^a-z0-9]+/giu, '-').toLowerCase();
  const host = /^[a-z0-9][a-z0-9-]{0,40}[a-z0-9]$/u.test(label) ? label : `site-${String(number)}`;
  return { name, cloudId: uuid(1, number), url: `https://${host}.atlassian.net`, product };
}

function cloudClient(name: string, clientId: string, description = ''): CastClient {
  return { name, description, type: 'atlassian-cloud', clientId, scopes: allScopes };
}

const otherSystems: readonly CastClient[] = [
  {
    name: 'Jira of the factory',
    description: 'Data Center, reachable in the company network only',
    type: 'data-center',
    clientId: 'f3a1c0de5b7e4d0c9a5e2b1d',
    scopes: ['READ'],
    baseUrl: 'https://dc.example.test/jira',
    product: 'jira',
  },
  {
    name: 'Old Jira',
    description: '',
    type: 'application-link',
    clientId: 'threelo-consumer',
    scopes: [],
    baseUrl: 'https://legacy.example.test/jira',
    product: 'jira',
  },
];

const dashboardOrigin = 'https://dashboard.example';

/** A few of everything, with names as people choose them. */
export const usual: Cast = {
  clients: [
    cloudClient('Team dashboards', 'kQ3vXw9ZtR7yB2nM5cLpA8dF', 'For the boards in the corridor'),
    cloudClient('Release notes', 'r8LsT2mWq6HjYx4VbN1zKpGe'),
    ...otherSystems,
  ],
  own: { account: 'Ada Example', sites: ['Acme', 'Globex'] },
  sessions: [
    {
      client: 0,
      name: 'Bo Example',
      email: 'bo@threelo.test',
      sites: [aSite(1, 'Globex'), aSite(1, 'Globex', 'confluence'), aSite(2, 'Initech')],
    },
    {
      client: 2,
      name: 'Example, Ada',
      email: 'ada@threelo.test',
      sites: [{ ...aSite(3, 'Factory'), url: 'https://dc.example.test/jira' }],
    },
  ],
  pages: [
    {
      origin: dashboardOrigin,
      access: 'read',
      duration: 'always',
      sessions: [0, 1],
      sitesEach: 2,
    },
    {
      origin: 'https://reports.threelo.test',
      access: 'write',
      duration: 'session',
      paths: ['/rest/api/3/search', '/rest/agile/1.0'],
      sessions: [0, 1],
      sitesEach: 1,
    },
    {
      origin: 'https://planning.threelo.test',
      access: 'read',
      duration: 'always',
      sessions: [2],
      sitesEach: 1,
    },
  ],
};

const chinese = '项目协作与知识管理平台——产品研发部门内部使用（请勿外传）';
const arabic = 'لوحة متابعة المشاريع (الإصدار 3.2) – فريق التطوير';
const emoji = '🚀 Ops 👩🏽‍💻👨‍👩‍👧‍👦 🇨🇭 team';
const twoHundred = 'International Programme Coordination and Delivery Office – '
  .repeat(4)
  .slice(0, 200);
const unbroken = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
  .repeat(3)
  .slice(0, 200);
/** A name with an override of the direction: it reads as another one where it is not isolated. */
const overridden = 'Acme \u202egnp.exe\u202c admin';

/** Names of 200 characters, of scripts from right to left, without a place to break, and of emoji. */
export const longNames: Cast = {
  clients: [
    cloudClient(twoHundred, 'a'.repeat(64), twoHundred),
    cloudClient(chinese, 'kQ3vXw9ZtR7yB2nM5cLpA8dF', chinese),
    cloudClient(arabic, 'r8LsT2mWq6HjYx4VbN1zKpGe', arabic),
    cloudClient(unbroken, 'ffffffffffffffffffffffff', emoji),
    ...otherSystems,
  ],
  own: { account: twoHundred, sites: [unbroken, chinese] },
  sessions: [
    {
      client: 2,
      name: arabic,
      email: `${'a-long-local-part.'.repeat(3)}x@${'long-label-'.repeat(4)}.threelo.test`,
      sites: [aSite(1, arabic), aSite(2, emoji), aSite(3, overridden, 'confluence')],
    },
    { client: 1, name: chinese, email: 'zh@threelo.test', sites: [aSite(4, chinese)] },
    { client: 3, name: unbroken, email: 'de@threelo.test', sites: [aSite(5, unbroken)] },
    { client: 0, name: emoji, email: 'ops@threelo.test', sites: [aSite(6, twoHundred)] },
  ],
  pages: [
    {
      origin: dashboardOrigin,
      access: 'write',
      duration: 'session',
      paths: ['/rest/api/3', `/wiki/${'a-long-part-of-a-path/'.repeat(6)}`],
      sessions: [0, 1, 2, 3, 4],
      sitesEach: 3,
    },
    {
      origin: `https://${'a-very-long-label-of-a-host-name'.repeat(2).slice(0, 63)}.threelo.test:8443`,
      access: 'read',
      duration: 'always',
      sessions: [1],
      sitesEach: 2,
    },
  ],
};

/** How much {@link many} has. */
const manyCounts = { clients: 33, sessions: 200, sites: 5000, pages: 40 } as const;

const range = (length: number): number[] => Array.from({ length }, (_, at) => at);
const teams = ['Payments', 'Search', 'Mobile', 'Platform', 'Support', 'Design', 'Finance', 'Legal'];
const places = ['Bern', 'Lisbon', 'Osaka', 'Austin', 'Lagos', 'Turin', 'Oslo'];
const teamName = (at: number): string =>
  `${teams[at % teams.length] ?? ''} ${places[at % places.length] ?? ''} ${String(at)}`;

function manySessions(): CastSession[] {
  // The account that signs in has one session and four sites.
  const sessions = manyCounts.sessions - 1;
  const sites = manyCounts.sites - 4;
  return range(sessions).map((at) => {
    const [first, end] = [at, at + 1].map((part) => Math.floor((sites * part) / sessions));
    return {
      client: at % 12,
      name: `Person ${String(at + 1)}`,
      email: `person-${String(at + 1)}@threelo.test`,
      sites: range((end ?? 0) - (first ?? 0)).map((index) =>
        aSite((first ?? 0) + index, teamName((first ?? 0) + index)),
      ),
    };
  });
}

/** 33 clients, 200 sessions, 5,000 sites, 40 connected pages. */
export const many: Cast = {
  clients: [
    ...range(manyCounts.clients - otherSystems.length).map((at) =>
      cloudClient(at === 0 ? 'Team dashboards' : `${teamName(at)} app`, `client-${String(at)}`),
    ),
    ...otherSystems,
  ],
  own: usual.own,
  sessions: manySessions(),
  pages: [
    {
      origin: dashboardOrigin,
      access: 'read',
      duration: 'always',
      sessions: range(60),
      sitesEach: 2,
    },
    ...range(manyCounts.pages - 1).map((at): CastPage => ({
      origin: `https://page-${String(at + 1)}.threelo.test`,
      access: at % 3 === 0 ? 'write' : 'read',
      duration: at % 4 === 0 ? 'session' : 'always',
      sessions: [at % 20, (at % 20) + 1],
      sitesEach: 2,
    })),
  ],
};
