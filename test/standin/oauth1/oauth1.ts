import { answerInstance } from '../data-center/data-center.ts';
import { openInstance, type DcInstance, type DcState } from '../data-center/instance.ts';
import type { Account } from '../facts/sites.ts';
import { json, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { RequestKind } from '../state/auditor.ts';
import type { System, SystemParts } from '../state/system.ts';
import { checkCall, answerOauthEndpoint, withDate } from './oauth-endpoints.ts';
import { openOAuth1Provider, type OAuth1Provider, type OAuth1State } from './oauth1-provider.ts';
import { problemAnswer } from './problems.ts';

/** The OAuth 1.0a providers. */
export interface OAuth1Providers {
  /** https://legacy.example.test/jira, an old Jira: RSA-SHA1, five-year tokens with a session handle, no OAuth 2.0. */
  readonly jira: OAuth1Provider;
  /** The same Jira as an installation: its content, its people, what was written. */
  readonly jiraInstance: DcInstance;
  /** https://photos.example.test, a third party: HMAC-SHA1, tokens without an end. */
  readonly thirdParty: OAuth1Provider;
}

const JIRA = 'https://legacy.example.test/jira';
const PHOTOS = 'https://photos.example.test';
/** "Jira REST API, OAuth": five years. */
const FIVE_YEARS_MS = 157_680_000_000;

/** Providers without consumers. */
export function openOAuth1(parts: SystemParts): { system: System; value: OAuth1Providers } {
  const servlet = `${JIRA}/plugins/servlet/oauth`;
  const jira = openOAuth1Provider(parts, {
    baseUrl: JIRA,
    title: 'Jira',
    accessTokenMs: FIVE_YEARS_MS,
    endpoints: {
      requestToken: `${servlet}/request-token`,
      authorize: `${servlet}/authorize`,
      accessToken: `${servlet}/access-token`,
    },
  });
  const thirdParty = openOAuth1Provider(parts, {
    baseUrl: PHOTOS,
    title: 'Photos',
    accessTokenMs: null,
    endpoints: {
      requestToken: `${PHOTOS}/initiate`,
      authorize: `${PHOTOS}/authorize`,
      accessToken: `${PHOTOS}/token`,
    },
  });
  const instance = openInstance(parts, 'jira', JIRA);
  instance.quirks.isTooOld = true;
  const of = ({ host }: Incoming) => (host === jira.host ? jira : thirdParty);
  const system: System = {
    hosts: [jira.host, thirdParty.host],
    nameOf: (incoming) => of(incoming).baseUrl,
    kindOf: (incoming) => kindOf(of(incoming), incoming),
    answer: (incoming) => answerProvider(of(incoming), instance, incoming),
  };
  return { system, value: { jira, jiraInstance: instance, thirdParty } };
}

function kindOf({ endpoints }: OAuth1State, { href, path }: Incoming): RequestKind {
  const url = href.split('?')[0];
  if (url === endpoints.requestToken || url === endpoints.accessToken) return 'token';
  return /\/(rest|api|applinks|secure)\//.test(path) ? 'gateway' : 'page';
}

function answerProvider(
  state: OAuth1State,
  instance: DcState,
  incoming: Incoming,
): Answer | undefined {
  if (!incoming.href.startsWith(`${state.baseUrl}/`)) return undefined;
  const isJira = state.host === instance.host;
  const nobody = { account: undefined, scopes: undefined };
  const answer =
    answerOauthEndpoint(state, incoming) ??
    answerSigned(state, incoming, (account) =>
      isJira
        ? answerInstance(instance, incoming, { account, scopes: undefined })
        : answerPhotos(incoming, account.nickname),
    ) ??
    (isJira ? answerInstance(instance, incoming, nobody) : undefined);
  return answer && withDate(state, answer);
}

/** Undefined if the request has no OAuth parameters: the caller decides what an anonymous request gets. */
function answerSigned(
  state: OAuth1State,
  incoming: Incoming,
  answer: (account: Account) => Answer | undefined,
): Answer | undefined {
  const isOAuth = /^OAuth /i.test(incoming.headers['authorization'] ?? '');
  if (!isOAuth && !incoming.query.has('oauth_signature')) return undefined;
  const checked = checkCall(state, incoming);
  if ('problem' in checked) return problemAnswer(checked, state.settings.seenBaseUrl);
  return checked.token.account && answer(checked.token.account);
}

/** Returns any request below /api/. */
function answerPhotos({ method, path, query, body }: Incoming, owner: string): Answer | undefined {
  if (!path.startsWith('/api/')) return undefined;
  return json(200, { owner, method, path, query: [...query], body: body.toString('utf8') });
}
