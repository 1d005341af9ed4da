import { html, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import { pageMarkup } from '../http/page-markup.ts';
import type { RequestKind } from '../state/auditor.ts';
import type { System, SystemParts } from '../state/system.ts';
import { answerDcAuthorize, answerDcConsent } from './dc-authorize.ts';
import type { DcIdentity } from './dc-call.ts';
import { answerDcFile, isDcFile } from './dc-files.ts';
import { answerDcRest, identify } from './dc-rest.ts';
import { answerDcRevoke, answerDcToken } from './dc-token.ts';
import { openInstance, type DcInstance, type DcState } from './instance.ts';
import { PRODUCTS, type DcProduct } from './products.ts';

const HOST = 'dc.example.test';
const INTRANET_HOST = 'intranet.example.test';

/** The products under their context paths of one host, and a Jira that is reached over plain http. */
export interface DataCenter extends Readonly<Record<DcProduct, DcInstance>> {
  /** http://intranet.example.test/jira */
  readonly intranet: DcInstance;
}

/** Fresh installations without any incoming link. */
export function openDataCenter(parts: SystemParts): { system: System; value: DataCenter } {
  const at = (product: DcProduct, baseUrl: string) => openInstance(parts, product, baseUrl);
  const instances = {
    jira: at('jira', `https://${HOST}/jira`),
    confluence: at('confluence', `https://${HOST}/confluence`),
    bitbucket: at('bitbucket', `https://${HOST}/bitbucket`),
    bamboo: at('bamboo', `https://${HOST}/bamboo`),
    intranet: at('jira', `http://${INTRANET_HOST}/jira`),
  };
  const all = Object.values(instances);
  const find = ({ href }: Incoming) =>
    all.find(({ baseUrl }) =>
      /^(?:$|[/?])/.test(href.startsWith(baseUrl) ? href.slice(baseUrl.length) : '-'),
    );
  const system: System = {
    nameOf: (incoming) => find(incoming)?.baseUrl ?? `https://${HOST}`,
    hosts: [HOST, INTRANET_HOST],
    plainHosts: [INTRANET_HOST],
    kindOf: (incoming) => dcKindOf(find(incoming), incoming),
    answer: (incoming) => {
      const state = find(incoming);
      return state && answerInstance(state, incoming, identify(state, incoming));
    },
  };
  return { system, value: instances };
}

/** What a request to an installation is for. */
function dcKindOf(state: DcState | undefined, { path }: Incoming): RequestKind {
  if (state === undefined) return 'page';
  const below = path.slice(state.contextPath.length);
  if (/^\/rest\/oauth2\/latest\/(token|revoke)$/.test(below)) return 'token';
  const isApi = /^\/(rest\/(?!oauth2\/)|plugins\/servlet\/applinks\/)/.test(below);
  return isApi || isDcFile(state.product, below) ? 'gateway' : 'page';
}

/** Answers one installation's host below its context path. */
export function answerInstance(
  state: DcState,
  incoming: Incoming,
  identity: DcIdentity,
): Answer | undefined {
  const path = incoming.path.slice(state.contextPath.length);
  if (path.startsWith('/rest/oauth2/')) return answerOAuth(state, incoming, path);
  switch (`${incoming.method} ${path}`) {
    case 'POST /login.jsp':
      return state.door.answerLogin(incoming);
    case 'POST /plugins/servlet/oauth2/consent':
      return answerDcConsent(state, incoming);
    case 'GET ':
    case 'GET /':
      return html(200, pageMarkup(PRODUCTS[state.product].title, '<p>Dashboard</p>'));
    default:
      return (
        answerDcFile(state, incoming, path, identity) ??
        answerDcRest(state, incoming, path, identity)
      );
  }
}

function answerOAuth(state: DcState, incoming: Incoming, path: string): Answer | undefined {
  const { isTooOld, allowsHttpBaseUrl } = state.quirks;
  if (isTooOld) return undefined;
  if (state.baseUrl.startsWith('http:') && !allowsHttpBaseUrl) {
    return html(500, pageMarkup('Oops', '<p>OAuth 2.0 needs a base URL with https.</p>'));
  }
  switch (`${incoming.method} ${path}`) {
    case 'GET /rest/oauth2/latest/authorize':
      return answerDcAuthorize(state, incoming);
    case 'POST /rest/oauth2/latest/token':
      return answerDcToken(state, incoming);
    case 'POST /rest/oauth2/latest/revoke':
      return answerDcRevoke(state, incoming);
    default:
      return undefined;
  }
}
