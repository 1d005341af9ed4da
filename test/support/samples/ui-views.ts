import type { ClientId } from '../../../extension/core/client/client-configuration.ts';
import { defaultCloudScopes } from '../../../extension/core/provider/atlassian-cloud.ts';
import type { GrantedSite } from '../../../extension/core/grant/page-grant.ts';
import type { SessionId } from '../../../extension/core/session/session.ts';
import type { CloudId } from '../../../extension/core/session/site.ts';
import {
  BrokerError,
  type FaultCode,
  type FaultDetail,
} from '../../../extension/core/values/fault.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { CommandName } from '../../../extension/wire/commands.ts';
import type { Send } from '../../../extension/wire/send.ts';
import type {
  AccountView,
  ActivityEntryView,
  ActivityView,
  AskView,
  ClientView,
  DenialView,
  GrantView,
  Overview,
  SessionView,
  SiteView,
} from '../../../extension/wire/views.ts';

export const clientId = '11111111-1111-4111-8111-111111111111' as ClientId;
export const sessionId = '22222222-2222-4222-8222-222222222222' as SessionId;
export const otherSessionId = '22222222-2222-4222-8222-222222222223' as SessionId;
export const dashboard = 'https://dashboard.example' as Origin;

/** The account of {@link aSession}. */
export const ada: AccountView = {
  accountId: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@acme.example',
};

/** Another account, of {@link otherSessionId}. */
export const grace: AccountView = {
  accountId: 'grace',
  name: 'Grace Hopper',
  email: 'grace@acme.example',
};

/** A client as the worker reports it. */
export function aClient(part: Partial<ClientView> = {}): ClientView {
  return {
    id: clientId,
    name: 'Acme app',
    description: '',
    type: 'atlassian-cloud',
    clientId: 'AbCdEf123456',
    authorizationEndpoint: 'https://auth.atlassian.com/authorize',
    tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
    scopes: [...defaultCloudScopes],
    hasSecret: true,
    redirectUri: 'https://abcdefghijklmnop.chromiumapp.org/c2Nzb21lc3VmZml4MTI',
    ...part,
  };
}

/** A site; its cloud id is derived from its name. */
export function aSite(name: string, part: Partial<SiteView> = {}): SiteView {
  return {
    cloudId: `cloud-${name.toLowerCase()}` as CloudId,
    product: 'jira',
    url: `https://${name.toLowerCase()}.atlassian.net`,
    name,
    ...part,
  };
}

/** A session with one site. */
export function aSession(part: Partial<SessionView> = {}): SessionView {
  const sites = part.sites ?? [aSite('Acme')];
  return {
    id: sessionId,
    clientId,
    clientName: 'Acme app',
    account: ada,
    status: 'valid',
    statusSinceMs: 1_700_000_000_000,
    isIdentified: true,
    lostSites: [],
    isShortLived: false,
    isClientRejected: false,
    sites,
    missingScopes: [],
    ...part,
  };
}

/** A connected page. */
export function aGrant(part: Partial<GrantView> = {}): GrantView {
  return {
    origin: dashboard,
    access: 'read',
    grantedAtMs: 1_700_000_000_000,
    sites: [{ ...aSite('Acme'), sessionId, account: ada }],
    hasHostPermission: true,
    isServed: true,
    duration: 'always',
    mayLast: true,
    choices: [],
    ...part,
  };
}

/** A question of a page that the person denied. */
export function aDenial(part: Partial<DenialView> = {}): DenialView {
  return {
    id: '44444444-4444-4444-8444-444444444444',
    origin: dashboard,
    kind: 'access',
    access: 'write',
    deniedAtMs: 1_700_000_000_000,
    endsAtMs: 1_700_604_800_000,
    ...part,
  };
}

/** Two sites that both accounts reach, and the choices between them, of which the one for Jira is made. */
export function aGrantWithChoices(): GrantView {
  const sites = [
    { ...aSite('Acme'), sessionId, account: ada },
    { ...aSite('Acme'), sessionId: otherSessionId, account: grace },
    { ...aSite('Beta'), sessionId, account: ada },
  ];
  const candidates = sites.map(({ cloudId, product, sessionId: id }) => ({
    cloudId,
    product,
    sessionId: id,
  }));
  const [acme, acmeOfGrace] = candidates as [GrantedSite, GrantedSite];
  const { product, cloudId } = acme;
  return aGrant({
    sites,
    choices: [
      { key: 'jira', product, candidates, chosen: acmeOfGrace },
      { key: `jira:${cloudId}`, product, cloudId, candidates: [acme, acmeOfGrace] },
    ],
  });
}

/** The overview that the worker reports. */
export function anOverview(part: Partial<Overview> = {}): Overview {
  return {
    clients: [aClient()],
    denials: [],
    missingHostPatterns: [],
    missingPolicyPatterns: [],
    missingHostPatternsOf: {},
    sessionCountOf: { [clientId]: 1 },
    storageFaults: [],
    ...part,
  };
}

/** A question of a connected page. */
export function anAsk(part: Partial<AskView> = {}): AskView {
  return {
    id: '33333333-3333-4333-8333-333333333333',
    origin: dashboard,
    kind: 'access',
    access: 'write',
    duration: 'always',
    mayLast: true,
    granted: [{ ...aSite('Acme'), sessionId, account: ada }],
    grantedAccess: 'read',
    ...part,
  };
}

/** A call of the dashboard page, as the activity log has it. */
export function aCallEntry(part: Partial<CallEntryView> = {}): CallEntryView {
  return {
    id: 1,
    atMs: 1_700_000_000_000,
    origin: dashboard,
    kind: 'call',
    method: 'GET',
    path: '/rest/api/3/myself',
    tookMs: 12,
    result: 'ok',
    status: 200,
    site: {
      cloudId: 'cloud-acme' as CloudId,
      product: 'jira',
      sessionId,
      url: 'https://acme.atlassian.net',
    },
    ...part,
  };
}
type CallEntryView = Extract<ActivityEntryView, { readonly kind: 'call' }>;

/** The activity log as the worker reports it. */
export function anActivityView(part: Partial<ActivityView> = {}): ActivityView {
  return {
    isOn: true,
    entries: [],
    sessions: [{ id: sessionId, clientId, account: ada }],
    days: [],
    ...part,
  };
}

/** A worker that answers from a table and remembers what it was asked. */
export class FakeWorker {
  readonly sent: [CommandName, unknown][] = [];
  readonly answers = new Map<CommandName, (body: never) => unknown>([['quota.list', () => []]]);

  readonly send = ((name: CommandName, body: unknown) => {
    this.sent.push([name, body]);
    const answer = this.answers.get(name) ?? (() => null);
    return Promise.resolve(body as never).then(answer);
  }) as Send;

  /** Answers a command from now on. */
  answer(name: CommandName, answer: (body: never) => unknown): this {
    this.answers.set(name, answer);
    return this;
  }

  /** Refuses a command from now on. */
  refuse(name: CommandName, code: FaultCode, detail: FaultDetail = {}): this {
    return this.answer(name, () => {
      throw new BrokerError(code, detail);
    });
  }

  /** The bodies that a command was sent with. */
  bodies(name: CommandName): unknown[] {
    return this.sent.filter(([sent]) => sent === name).map(([, body]) => body);
  }
}
