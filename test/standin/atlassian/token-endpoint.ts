import { json, text, type Answer } from '../http/answer.ts';
import { bodyFields, type Incoming } from '../http/incoming.ts';
import type { App } from '../state/apps.ts';
import { CODE_LIFETIME_MS, pkceFault, type StoredCode } from '../state/codes.ts';
import {
  ACCESS_LIFETIME_SECONDS,
  type RefreshRefusal,
  type TokenPair,
} from '../state/token-families.ts';
import type { World } from '../state/world.ts';

type Fields = ReadonlyMap<string, string>;

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** POST https://auth.atlassian.com/oauth/token, JSON or form. */
export function answerToken(world: World, incoming: Incoming): Answer {
  const fields = bodyFields(incoming);
  if (fields === undefined) return refusal(400, 'invalid_request', 'Unreadable request body');
  const app = authenticate(world, fields);
  if (app === undefined) return refusal(401, 'access_denied', 'Unauthorized');
  switch (fields.get('grant_type')) {
    case 'authorization_code':
      return exchangeCode(world, incoming, fields, app);
    case 'refresh_token':
      return refresh(world, incoming, fields, app);
    default:
      return refusal(400, 'unsupported_grant_type', 'Unsupported grant type');
  }
}

/** POST https://auth.atlassian.com/oauth/revoke (RFC 7009): a form; 200 for every token. */
export function answerRevoke(world: World, incoming: Incoming): Answer {
  const fields = bodyFields(incoming) ?? new Map<string, string>();
  const app = authenticate(world, fields);
  if (app === undefined) return refusal(401, 'access_denied', 'Unauthorized');
  world.families.revokeToken(fields.get('token') ?? '', app.clientId);
  return text(200, '');
}

function authenticate(world: World, fields: Fields): App | undefined {
  const app = world.apps.get(fields.get('client_id') ?? '');
  return app?.clientSecret === fields.get('client_secret') ? app : undefined;
}

function exchangeCode(world: World, incoming: Incoming, fields: Fields, app: App): Answer {
  const code = world.codes.find(fields.get('code') ?? '');
  if (code === undefined || code.clientId !== app.clientId) {
    return refusal(403, 'invalid_grant', 'Invalid authorization code');
  }
  const refused = refuseCode(world, fields, code);
  code.isUsed = true;
  if (refused !== undefined) return refused;
  const pair = world.families.begin({
    clientId: app.clientId,
    accountId: code.accountId,
    scopes: [...code.scopes],
    cloudIds: [...code.cloudIds],
  });
  code.accessToken = pair.accessToken;
  return granted(pair, incoming);
}

function refuseCode(world: World, fields: Fields, code: StoredCode): Answer | undefined {
  const atMs = world.clock.nowMs();
  const { auditor, families } = world;
  if (code.isUsed) {
    auditor.codeReuses.push({ atMs, clientId: code.clientId });
    if (code.accessToken !== undefined) families.revokeToken(code.accessToken, code.clientId);
    return refusal(403, 'invalid_grant', 'Invalid authorization code');
  }
  if (atMs - code.issuedAtMs > CODE_LIFETIME_MS) {
    return refusal(403, 'invalid_grant', 'Invalid authorization code');
  }
  if (fields.get('redirect_uri') !== code.redirectUri) {
    return refusal(403, 'invalid_grant', 'The redirect URI is wrong');
  }
  if (code.hasResource || fields.has('resource')) {
    return refusal(400, 'invalid_target', 'Incorrect resource parameters');
  }
  const fault = pkceFault(world.settings.pkce, code.codeChallenge, fields.get('code_verifier'));
  if (fault === undefined) return undefined;
  auditor.pkceFailures.push({ atMs, reason: fault });
  return refusal(400, 'invalid_grant', 'Failed to verify code verifier');
}

function refresh(world: World, incoming: Incoming, fields: Fields, app: App): Answer {
  const token = fields.get('refresh_token');
  if (token === undefined) {
    return refusal(400, 'invalid_request', 'Missing required parameter: refresh_token');
  }
  const keepsToken = incoming.hints.has('omit-refresh-token');
  const result = world.families.refresh(token, app.clientId, keepsToken);
  return typeof result === 'string' ? refreshRefusal(result) : granted(result, incoming);
}

function refreshRefusal(reason: RefreshRefusal): Answer {
  return reason === 'unknown'
    ? refusal(403, 'invalid_grant', 'Unknown or invalid refresh token.')
    : refusal(403, 'unauthorized_client', 'refresh_token is invalid');
}

function granted(pair: TokenPair, incoming: Incoming): Answer {
  const hasRefresh = pair.refreshToken !== undefined && !incoming.hints.has('omit-refresh-token');
  return json(
    200,
    {
      access_token: pair.accessToken,
      ...(hasRefresh ? { refresh_token: pair.refreshToken } : {}),
      expires_in: ACCESS_LIFETIME_SECONDS,
      ...(incoming.hints.has('omit-token-type') ? {} : { token_type: 'Bearer' }),
      scope: pair.grant.scopes.join(' '),
    },
    NO_STORE,
  );
}

function refusal(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description }, NO_STORE);
}
