import { createHash } from 'node:crypto';
import { html, json, text, type Answer } from '../http/answer.ts';
import { readBasic } from '../http/basic.ts';
import { bodyFields, type Incoming } from '../http/incoming.ts';
import type { DcApp } from './dc-apps.ts';
import type { DcGrant, DcState } from './instance.ts';

type Fields = ReadonlyMap<string, string>;

/** POST {base}/rest/oauth2/latest/token. */
export function answerDcToken(state: DcState, incoming: Incoming): Answer {
  const fields = formFields(incoming);
  if (fields === undefined) return internalError();
  const app = authenticate(state, incoming, fields);
  if (app === undefined) return clientRefused(incoming);
  switch (fields.get('grant_type')) {
    case 'authorization_code':
      return exchange(state, fields, app);
    case 'refresh_token':
      return refresh(state, fields, app);
    case undefined:
      return refusal('invalid_request', 'grant_type is missing');
    default:
      return refusal('unsupported_grant_type', 'This grant type is not supported');
  }
}

/** POST {base}/rest/oauth2/latest/revoke (RFC 7009): 200 for every token. */
export function answerDcRevoke(state: DcState, incoming: Incoming): Answer {
  const fields = formFields(incoming);
  if (fields === undefined) return internalError();
  const app = authenticate(state, incoming, fields);
  if (app === undefined) return clientRefused(incoming);
  const token = fields.get('token');
  if (token === undefined) return refusal('invalid_request', 'token is missing');
  const { ledger } = state;
  const entry = ledger.find('access', token) ?? ledger.find('refresh', token);
  if (entry?.grant.clientId === app.clientId) ledger.dropGrant(entry.grant);
  return text(200, '');
}

/** Query parameters count too, as in the documentation's curl line; a JSON body is never read. */
function formFields(incoming: Incoming): Fields | undefined {
  if (/^application\/json/i.test(incoming.headers['content-type'] ?? '')) return undefined;
  return new Map([...incoming.query, ...(bodyFields(incoming) ?? new Map<string, string>())]);
}

function authenticate(state: DcState, incoming: Incoming, fields: Fields): DcApp | undefined {
  const { validatesSecret, clientAuthentication } = state.quirks;
  const basic = readBasic(incoming);
  const isBasic = basic !== undefined;
  if (isBasic && clientAuthentication === 'post') return undefined;
  const app = state.apps.get(basic?.user ?? fields.get('client_id') ?? '');
  if (app === undefined) return undefined;
  const isRight = (basic?.password ?? fields.get('client_secret')) === app.clientSecret;
  if (!validatesSecret) return app;
  return isRight && (isBasic || clientAuthentication !== 'basic') ? app : undefined;
}

function exchange(state: DcState, fields: Fields, app: DcApp): Answer {
  const { ledger, auditor, clock, usedCodes } = state;
  const code = fields.get('code') ?? '';
  const earlier = usedCodes.get(code);
  if (earlier !== undefined) {
    auditor.codeReuses.push({ atMs: clock.nowMs(), clientId: app.clientId });
    ledger.dropGrant(earlier);
    return refusal('invalid_grant', 'The code was used before');
  }
  const entry = ledger.find('code', code);
  if (entry === undefined || entry.grant.clientId !== app.clientId) {
    return refusal('invalid_grant', 'The code is unknown or expired');
  }
  usedCodes.set(code, entry.grant);
  if (fields.get('redirect_uri') !== entry.grant.redirectUri) {
    return refusal('invalid_grant', 'The redirect_uri does not match');
  }
  const fault = verifierFault(entry.grant, fields.get('code_verifier'));
  if (fault === undefined) return granted(state, entry.grant);
  auditor.pkceFailures.push({ atMs: clock.nowMs(), reason: fault });
  return refusal('invalid_grant', fault);
}

function verifierFault({ challenge }: DcGrant, verifier: string | undefined): string | undefined {
  if (challenge === undefined) return undefined;
  if (verifier === undefined) return 'code_verifier is missing';
  // The documentation ends one character before RFC 7636 §4.1 does; products take what the RFC allows.
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return 'code_verifier is malformed';
  const hash = createHash('sha256').update(verifier).digest('base64url');
  return (challenge.isHashed ? hash : verifier) === challenge.value
    ? undefined
    : 'code_verifier does not match';
}

/** No leeway: the old pair is gone before the new one is sent. */
function refresh(state: DcState, fields: Fields, app: DcApp): Answer {
  const { ledger, auditor, clock } = state;
  const entry = ledger.find('refresh', fields.get('refresh_token') ?? '');
  if (entry === undefined || entry.grant.clientId !== app.clientId) {
    auditor.deadRefreshes.push({ atMs: clock.nowMs() });
    return refusal('invalid_grant');
  }
  if (fields.get('redirect_uri') !== app.redirectUri) return refusal('invalid_grant');
  ledger.dropGrant(entry.grant);
  return granted(state, entry.grant);
}

function granted({ ledger, quirks }: DcState, grant: DcGrant): Answer {
  return json(
    200,
    {
      access_token: ledger.issue('access', grant, quirks.accessLifeMs),
      token_type: 'bearer',
      refresh_token: ledger.issue('refresh', grant, quirks.refreshLifeMs),
      expires_in: quirks.accessLifeMs / 1000,
      ...(quirks.answersScope ? { scope: grant.scopes.join(' ') } : {}),
    },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}

function clientRefused(incoming: Incoming): Answer {
  // RFC 6749 §5.2: 401 when the client had used the Authorization header.
  const isBasic = readBasic(incoming) !== undefined;
  const answer = refusal('invalid_client', 'Client authentication failed', isBasic ? 401 : 400);
  const challenge = { 'www-authenticate': 'Basic realm="OAuth"' };
  return isBasic ? { ...answer, headers: { ...answer.headers, ...challenge } } : answer;
}

function refusal(error: string, description?: string, status = 400): Answer {
  return json(status, {
    error,
    ...(description === undefined ? {} : { error_description: description }),
  });
}

function internalError(): Answer {
  return html(500, '<html><head><title>Oops</title></head><body>HTTP Status 500</body></html>');
}
