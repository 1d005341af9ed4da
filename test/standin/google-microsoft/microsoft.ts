import { randomUUID } from 'node:crypto';
import { openLedger } from '../facts/ledger.ts';
import { html, json, redirect, type Answer } from '../http/answer.ts';
import { openFrontDoor } from '../http/front-door.ts';
import type { Incoming } from '../http/incoming.ts';
import { escapeHtml, pageMarkup } from '../http/page-markup.ts';
import type { System, SystemParts } from '../state/system.ts';
import {
  backTo,
  bearerOf,
  isVerified,
  openWebClients,
  readForm,
  readWebRequest,
  type WebClients,
  type WebGrant,
  type WebRequest,
} from './web-clients.ts';

/** Microsoft's identity platform, and a Graph with one endpoint. */
export interface Microsoft {
  /** All of platform type "Web". */
  readonly clients: WebClients;
  expireAccessTokens(): void;
  /** Ends every refresh token, as a changed password does. */
  revokeAll(): void;
}

const LOGIN = 'login.microsoftonline.com';
const GRAPH = 'graph.microsoft.com';
const HOUR_MS = 3_600_000;

/** Opens it without clients. The rules are those of "Microsoft identity platform and OAuth 2.0 authorization code flow". */
export function openMicrosoft(parts: SystemParts): { system: System; value: Microsoft } {
  const { clock, accounts } = parts;
  const clients = openWebClients();
  const ledger = openLedger<WebGrant>(clock, parts.issuedBy('microsoft'));
  const door = openFrontDoor<WebRequest>({
    title: 'Microsoft',
    accounts,
    cookie: 'ESTSAUTH',
    cookieRules: 'Path=/; Secure; HttpOnly',
    loginPath: '/login',
    consentPath: '/consent',
  });

  const authorize = (incoming: Incoming): Answer => {
    const request = readWebRequest(clients, incoming.query);
    if (typeof request === 'string') {
      return html(
        400,
        pageMarkup('Sorry, but we’re having trouble', `<p>${escapeHtml(request)}</p>`),
      );
    }
    const account = door.visitor(incoming);
    const { pathname, search } = new URL(incoming.href);
    if (account === undefined) return door.loginPage(pathname + search);
    return door.consentPage('Permissions requested', request.scopes, request, account);
  };

  const decide = (incoming: Incoming): Answer => {
    const decision = door.decide(incoming);
    if (decision === undefined) return html(400, pageMarkup('Stale', '<p>Start again.</p>'));
    const { request, account, isAccepted } = decision;
    if (!isAccepted) {
      const description = 'AADSTS65004: User declined to consent to access the app.';
      const denial = { error: 'access_denied', error_description: description };
      return redirect(302, backTo(request, denial));
    }
    const { client, redirectUri, scopes, query } = request;
    const { clientId } = client;
    const { accountId } = account;
    const challenge = query.get('code_challenge');
    const isOffline = scopes.includes('offline_access');
    const grant = { clientId, accountId, redirectUri, scopes, challenge, isOffline };
    return redirect(302, backTo(request, { code: ledger.issue('code', grant, 10 * 60_000) }));
  };

  const refusal = (error: string, code: number, message: string): Answer => {
    const ids = { trace_id: randomUUID(), correlation_id: randomUUID() };
    const timestamp = new Date(clock.nowMs()).toISOString().replace('T', ' ').replace(/\.\d+/, '');
    const lines = [
      `AADSTS${code}: ${message}`,
      `Trace ID: ${ids.trace_id}`,
      `Correlation ID: ${ids.correlation_id}`,
      `Timestamp: ${timestamp}`,
    ];
    const description = { error_description: lines.join('\r\n'), error_codes: [code], timestamp };
    const error_uri = `https://login.microsoftonline.com/error?code=${code}`;
    return json(code === 7000215 ? 401 : 400, { error, ...description, ...ids, error_uri });
  };
  const missing = (name: string) =>
    refusal(
      'invalid_request',
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    );

  const token = (incoming: Incoming): Answer => {
    const fields = readForm(incoming);
    const client = clients.get(fields.get('client_id') ?? '');
    if (client === undefined) {
      return refusal('unauthorized_client', 700016, 'Application was not found in the directory.');
    }
    const origin = incoming.headers['origin'];
    // As reported for web clients whose code is redeemed by a browser's fetch, with a secret or without.
    if (origin !== undefined) {
      const message =
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.";
      return refusal('invalid_request', 9002326, `${message} Request origin: '${origin}'.`);
    }
    if (fields.get('client_secret') !== client.clientSecret) {
      return refusal('invalid_client', 7000215, 'Invalid client secret provided.');
    }
    const isRefresh = fields.get('grant_type') === 'refresh_token';
    if (!isRefresh && fields.get('grant_type') !== 'authorization_code') {
      return refusal(
        'unsupported_grant_type',
        70003,
        'The app requested an unsupported grant type.',
      );
    }
    const [kind, name] = isRefresh
      ? (['refresh', 'refresh_token'] as const)
      : (['code', 'code'] as const);
    const absent = [name, 'redirect_uri', ...(isRefresh ? ['scope'] : [])].find(
      (field) => !fields.has(field),
    );
    if (absent !== undefined) return missing(absent);
    const entry = ledger.find(kind, fields.get(name) ?? '');
    if (entry?.grant.clientId !== client.clientId) {
      return isRefresh
        ? refusal('invalid_grant', 700082, 'The refresh token has expired due to inactivity.')
        : refusal('invalid_grant', 70008, 'The provided authorization code has expired.');
    }
    const { grant } = entry;
    if (fields.get('redirect_uri') !== grant.redirectUri) {
      return refusal('invalid_client', 500112, 'The reply address does not match.');
    }
    if (isRefresh) return granted(narrowed(grant, fields.get('scope') ?? ''));
    if (entry.isUsed)
      return refusal('invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed.');
    entry.isUsed = true;
    return isVerified(grant.challenge, fields.get('code_verifier'))
      ? granted(grant)
      : refusal('invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge.');
  };

  /** A refresh gives a new refresh token when `offline_access` is asked for again; the old one goes on working. */
  const granted = (grant: WebGrant): Answer => {
    const refreshMs = 90 * 24 * HOUR_MS;
    const isOffline = grant.scopes.includes('offline_access');
    return json(200, {
      token_type: 'Bearer',
      scope: grant.scopes.filter((scope) => scope !== 'offline_access').join(' '),
      expires_in: 3599,
      access_token: ledger.issue('access', grant, HOUR_MS),
      ...(isOffline ? { refresh_token: ledger.issue('refresh', grant, refreshMs) } : {}),
    });
  };

  const me = (incoming: Incoming): Answer => {
    const entry = ledger.find('access', bearerOf(incoming));
    if (entry === undefined) {
      const error = {
        code: 'InvalidAuthenticationToken',
        message: 'Access token is empty or expired.',
      };
      return json(401, { error });
    }
    const { accountId: id, name, email } = accounts.get(entry.grant.accountId);
    const isUserinfo = incoming.path.startsWith('/oidc/');
    return json(
      200,
      isUserinfo
        ? { sub: id, name, email }
        : { id, displayName: name, mail: email, userPrincipalName: email },
    );
  };

  const system: System = {
    hosts: [LOGIN, GRAPH],
    nameOf: () => 'microsoft',
    kindOf: ({ host, path }) =>
      host === GRAPH ? 'gateway' : path.endsWith('/oauth2/v2.0/token') ? 'token' : 'page',
    answer: (incoming) => {
      const path = incoming.path.replace(/^\/[^/]+(?=\/oauth2\/v2\.0\/)/, '/{tenant}');
      switch (`${incoming.method} ${incoming.host}${path}`) {
        case `GET ${LOGIN}/{tenant}/oauth2/v2.0/authorize`:
          return authorize(incoming);
        case `POST ${LOGIN}/{tenant}/oauth2/v2.0/token`:
          return token(incoming);
        case `POST ${LOGIN}/login`:
          return door.answerLogin(incoming);
        case `POST ${LOGIN}/consent`:
          return decide(incoming);
        case `GET ${GRAPH}/v1.0/me`:
        case `GET ${GRAPH}/oidc/userinfo`:
          return me(incoming);
        default:
          return undefined;
      }
    },
  };
  const end = (kind: 'access' | 'refresh') =>
    ledger.live(kind).forEach((entry) => (entry.expiresAtMs = clock.nowMs()));
  const value = {
    clients,
    expireAccessTokens: () => end('access'),
    revokeAll: () => end('refresh'),
  };
  return { system, value };
}

function narrowed(grant: WebGrant, scope: string): WebGrant {
  const asked = scope.split(' ');
  return { ...grant, scopes: grant.scopes.filter((name) => asked.includes(name)) };
}
