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
  type WebClient,
  type WebClients,
  type WebGrant,
  type WebRequest,
} from './web-clients.ts';

/** Google's authorization server, and its userinfo endpoint. */
export interface Google {
  readonly clients: WebClients;
  /** Forgets every consent, so that the next one is a first one. */
  forgetConsents(): void;
  expireAccessTokens(): void;
}

const ACCOUNTS = 'accounts.google.com';
const TOKENS = 'oauth2.googleapis.com';
const USERINFO = 'openidconnect.googleapis.com';
const HOUR_MS = 3_600_000;

/** Opens it without clients. The rules are those of "Using OAuth 2.0 for Web Server Applications". */
export function openGoogle(parts: SystemParts): { system: System; value: Google } {
  const clients = openWebClients();
  const ledger = openLedger<WebGrant>(parts.clock, parts.issuedBy('google'));
  const consents = new Set<string>();
  const door = openFrontDoor<WebRequest>({
    title: 'Google',
    accounts: parts.accounts,
    cookie: 'SID',
    cookieRules: 'Path=/; Secure; HttpOnly',
    loginPath: '/signin',
    consentPath: '/signin/consent',
  });

  const authorize = (incoming: Incoming): Answer => {
    const request = readWebRequest(clients, incoming.query);
    if (typeof request === 'string') {
      const text = `<p>Error 400: ${escapeHtml(request)}</p>`;
      return html(400, pageMarkup('Access blocked: Authorization Error', text));
    }
    const account = door.visitor(incoming);
    const { pathname, search } = new URL(incoming.href);
    if (account === undefined) return door.loginPage(pathname + search);
    const known = consents.has(`${request.client.clientId} ${account.accountId}`);
    const prompts = (incoming.query.get('prompt') ?? '').split(' ');
    if (known && !prompts.includes('consent')) return grant(request, account.accountId);
    return door.consentPage(
      'An app wants access to your account',
      request.scopes,
      request,
      account,
    );
  };

  const grant = (request: WebRequest, accountId: string): Answer => {
    const { client, query, redirectUri, scopes } = request;
    const consent = `${client.clientId} ${accountId}`;
    const isFirst = !consents.has(consent);
    const isAsked = (query.get('prompt') ?? '').split(' ').includes('consent');
    consents.add(consent);
    // A refresh token comes with the first consent, or with one that was asked for again.
    const isOffline = query.get('access_type') === 'offline' && (isFirst || isAsked);
    const challenge = query.get('code_challenge');
    const { clientId } = client;
    const given = { clientId, accountId, redirectUri, scopes, challenge, isOffline };
    const code = ledger.issue('code', given, 10 * 60_000);
    return redirect(302, backTo(request, { code, scope: scopes.join(' ') }));
  };

  const decide = (incoming: Incoming): Answer => {
    const decision = door.decide(incoming);
    if (decision === undefined) return html(400, pageMarkup('Stale', '<p>Start again.</p>'));
    const { request, account, isAccepted } = decision;
    if (isAccepted) return grant(request, account.accountId);
    return redirect(302, backTo(request, { error: 'access_denied' }));
  };

  const accessAnswer = (given: WebGrant, more: Record<string, string> = {}): Answer =>
    json(200, {
      access_token: ledger.issue('access', given, HOUR_MS),
      expires_in: 3599,
      ...more,
      scope: given.scopes.join(' '),
      token_type: 'Bearer',
    });

  const token = (incoming: Incoming): Answer => {
    const fields = readForm(incoming);
    const client: WebClient | undefined = clients.get(fields.get('client_id') ?? '');
    if (client === undefined)
      return refusal('invalid_client', 'The OAuth client was not found.', 401);
    if (fields.get('client_secret') !== client.clientSecret) {
      return refusal('invalid_client', 'Unauthorized', 401);
    }
    if (fields.get('grant_type') === 'refresh_token') {
      const entry = ledger.find('refresh', fields.get('refresh_token') ?? '');
      if (entry?.grant.clientId === client.clientId) return accessAnswer(entry.grant);
      return refusal('invalid_grant', 'Token has been expired or revoked.');
    }
    if (fields.get('grant_type') !== 'authorization_code') {
      return refusal('unsupported_grant_type', 'Invalid grant_type');
    }
    const entry = ledger.find('code', fields.get('code') ?? '');
    if (entry?.grant.clientId !== client.clientId || entry.isUsed) {
      return refusal('invalid_grant', 'Malformed auth code.');
    }
    entry.isUsed = true;
    const { grant: given } = entry;
    if (fields.get('redirect_uri') !== given.redirectUri) {
      return refusal('redirect_uri_mismatch', 'Bad Request');
    }
    if (!isVerified(given.challenge, fields.get('code_verifier'))) {
      return refusal('invalid_grant', 'Invalid code verifier.');
    }
    if (!given.isOffline) return accessAnswer(given);
    const refreshMs = 180 * 24 * HOUR_MS;
    return accessAnswer(given, { refresh_token: ledger.issue('refresh', given, refreshMs) });
  };

  /** Revoking either token ends the consent. */
  const revoke = (incoming: Incoming): Answer => {
    const value = readForm(incoming).get('token') ?? incoming.query.get('token') ?? '';
    const entry = ledger.find('access', value) ?? ledger.find('refresh', value);
    if (entry === undefined) return refusal('invalid_token', 'Token expired or revoked');
    ledger.dropGrant(entry.grant);
    consents.delete(`${entry.grant.clientId} ${entry.grant.accountId}`);
    return json(200, {});
  };

  const userinfo = (incoming: Incoming): Answer => {
    const entry = ledger.find('access', bearerOf(incoming));
    if (entry === undefined) return refusal('invalid_request', 'Invalid Credentials', 401);
    const { accountId, name, email } = parts.accounts.get(entry.grant.accountId);
    return json(200, { sub: accountId, name, email, email_verified: true });
  };

  const system: System = {
    hosts: [ACCOUNTS, TOKENS, USERINFO],
    nameOf: () => 'google',
    kindOf: ({ host }) => (host === TOKENS ? 'token' : host === USERINFO ? 'gateway' : 'page'),
    answer: (incoming) => {
      switch (`${incoming.method} ${incoming.host}${incoming.path}`) {
        case `GET ${ACCOUNTS}/o/oauth2/v2/auth`:
          return authorize(incoming);
        case `POST ${ACCOUNTS}/signin`:
          return door.answerLogin(incoming);
        case `POST ${ACCOUNTS}/signin/consent`:
          return decide(incoming);
        case `POST ${TOKENS}/token`:
          return token(incoming);
        case `POST ${TOKENS}/revoke`:
          return revoke(incoming);
        case `GET ${USERINFO}/v1/userinfo`:
          return userinfo(incoming);
        default:
          return undefined;
      }
    },
  };
  const expireAccessTokens = () =>
    ledger.live('access').forEach((entry) => (entry.expiresAtMs = parts.clock.nowMs()));
  return { system, value: { clients, forgetConsents: () => consents.clear(), expireAccessTokens } };
}

function refusal(error: string, description: string, status = 400): Answer {
  return json(status, { error, error_description: description });
}
