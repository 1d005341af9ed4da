import { bytes, json, text, type Answer } from './answer.ts';
import { auditHeaders } from './auditor.ts';
import { answerAuthorize, answerConsent } from './authorize.ts';
import { avatarPng } from './avatar-png.ts';
import { answerGateway } from './gateway.ts';
import { unauthorized } from './gateway-errors.ts';
import { API_HOST, AUTH_HOST, AVATAR_HOST, ID_HOST, isKnownHost, MEDIA_HOST } from './hosts.ts';
import type { Incoming } from './incoming.ts';
import { answerMedia } from './jira-attachments.ts';
import { answerId } from './login.ts';
import { escapeHtml, pageMarkup } from './page-markup.ts';
import { notFound, type TestPages } from './test-pages.ts';
import { answerRevoke, answerToken } from './token-endpoint.ts';
import type { World } from './world.ts';

/** Sends each request to the host it names; a page set by a test comes first. */
export function makeRouter(world: World, pages: TestPages, knownHosts: readonly string[]) {
  return (incoming: Incoming): Answer | Promise<Answer> => {
    const { host, path } = incoming;
    auditHeaders(world.auditor, incoming, kindOf(incoming), world.clock.nowMs());
    if (!isKnownHost(knownHosts, host)) return text(421, 'Misdirected Request');
    return pages.find(host, path) ?? answerHost(world, incoming) ?? notFound();
  };
}

function kindOf({ host, path }: Incoming): 'gateway' | 'token' | 'page' {
  if (host === API_HOST) return 'gateway';
  return host === AUTH_HOST && path.startsWith('/oauth/') ? 'token' : 'page';
}

function answerHost(world: World, incoming: Incoming): Answer | Promise<Answer> | undefined {
  switch (incoming.host) {
    case AUTH_HOST:
      return answerAuth(world, incoming);
    case ID_HOST:
      return answerId(world, incoming);
    case API_HOST:
      return answerGateway(world, incoming);
    case MEDIA_HOST:
      return answerMedia(world, incoming);
    case AVATAR_HOST:
      return bytes(200, avatarPng(incoming.path), 'image/png');
    default:
      return answerSite(world, incoming);
  }
}

function answerAuth(world: World, incoming: Incoming): Answer | undefined {
  switch (`${incoming.method} ${incoming.path}`) {
    case 'GET /authorize':
      return answerAuthorize(world, incoming);
    case 'POST /authorize/consent':
      return answerConsent(world, incoming);
    case 'POST /oauth/token':
      return answerToken(world, incoming);
    case 'POST /oauth/revoke':
      return answerRevoke(world, incoming);
    case 'GET /.well-known/openid-configuration':
    case 'GET /.well-known/oauth-authorization-server':
      return discovery();
    default:
      return undefined;
  }
}

function discovery(): Answer {
  const issuer = `https://${AUTH_HOST}`;
  return json(200, {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  });
}

/** A site's own host: never takes a 3LO bearer; shows a page to people. */
function answerSite(world: World, { host, path, headers }: Incoming): Answer | undefined {
  const site = world.sites.find((entry) => entry.host === host);
  if (site === undefined) return undefined;
  if (/^bearer /i.test(headers['authorization'] ?? '')) return unauthorized();
  if (path === '/_edge/tenant_info') return json(200, { cloudId: site.cloudId });
  if (path.startsWith('/rest/') || path.startsWith('/wiki/rest/')) return unauthorized();
  const body = pageMarkup(site.name, `<p><code>${escapeHtml(host + path)}</code></p>`);
  return { status: 200, headers: { 'content-type': 'text/html;charset=UTF-8' }, body };
}
