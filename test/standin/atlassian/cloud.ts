import { avatarPng } from '../facts/avatar-png.ts';
import { AVATAR_HOST } from '../facts/hosts.ts';
import { bytes, json, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import { escapeHtml, pageMarkup } from '../http/page-markup.ts';
import type { RequestKind } from '../state/auditor.ts';
import { unauthorized } from '../state/gateway-errors.ts';
import type { System } from '../state/system.ts';
import type { World } from '../state/world.ts';
import { answerAuthorize, answerConsent } from './authorize.ts';
import { answerGateway } from './gateway.ts';
import { answerId } from './login.ts';
import { answerMedia } from './media.ts';
import { answerRevoke, answerToken } from './token-endpoint.ts';

/** One Atlassian cloud as a system of the network. */
export function cloudSystem(world: World): System {
  const { auth, id, api, media, name, sites } = world.hosts;
  return {
    nameOf: () => name,
    hosts: [auth, id, api, media, ...sites],
    kindOf: (incoming) => kindOf(world, incoming),
    answer: (incoming) => answerHost(world, incoming),
  };
}

function kindOf({ hosts, settings }: World, { host, path }: Incoming): RequestKind {
  const hasResources = host === hosts[settings.accessibleResources];
  if (hasResources && path === '/oauth/token/accessible-resources') return 'gateway';
  if (host === hosts.api) return 'gateway';
  return host === hosts.auth && path.startsWith('/oauth/') ? 'token' : 'page';
}

function answerHost(world: World, incoming: Incoming): Answer | Promise<Answer> | undefined {
  switch (incoming.host) {
    case world.hosts.auth:
      return answerAuth(world, incoming);
    case world.hosts.id:
      return answerId(world, incoming);
    case world.hosts.api:
      return answerGateway(world, incoming);
    case world.hosts.media:
      return answerMedia(world, incoming);
    case AVATAR_HOST:
      return bytes(200, avatarPng(incoming.path), 'image/png');
    default:
      return answerSite(world, incoming);
  }
}

function answerAuth(world: World, incoming: Incoming): Answer | Promise<Answer> | undefined {
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
      return discovery(world);
    case 'GET /oauth/token/accessible-resources':
      // "OAuth 2.0 (3LO) apps" of the Government Cloud, "Check site access for the app", names this host.
      return world.settings.accessibleResources === 'api'
        ? undefined
        : answerGateway(world, incoming);
    default:
      return undefined;
  }
}

function discovery(world: World): Answer {
  const issuer = `https://${world.hosts.auth}`;
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
