import { createHash } from 'node:crypto';
import { bodyFields, type Incoming } from '../http/incoming.ts';

/** A client of the kind "web application". */
export interface WebClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
}

/** One consent. */
export interface WebGrant {
  readonly clientId: string;
  readonly accountId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  /** Whether a refresh token comes of it. */
  readonly isOffline: boolean;
}

/** A checked authorize request. */
export interface WebRequest {
  readonly client: WebClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly query: URLSearchParams;
}

/** The registered clients. */
export interface WebClients {
  add(client: WebClient): void;
  get(clientId: string): WebClient | undefined;
}

/** No client yet. */
export function openWebClients(): WebClients {
  const clients = new Map<string, WebClient>();
  return {
    add: (client) => void clients.set(client.clientId, client),
    get: (clientId) => clients.get(clientId),
  };
}

/** The request of a registered client, or what an error page should say. */
export function readWebRequest(clients: WebClients, query: URLSearchParams): WebRequest | string {
  const client = clients.get(query.get('client_id') ?? '');
  if (client === undefined) return 'invalid_client';
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!client.redirectUris.includes(redirectUri)) return 'redirect_uri_mismatch';
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0) return 'Missing required parameter: scope';
  return { client, redirectUri, scopes, state: query.get('state'), query };
}

/** The address of the app with parameters and the state. */
export function backTo(request: WebRequest, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(request.redirectUri);
  Object.entries(parameters).forEach(([name, value]) => url.searchParams.append(name, value));
  if (request.state !== null) url.searchParams.append('state', request.state);
  return url.href;
}

/** The fields of a form; JSON bodies and queries are not read. */
export function readForm(incoming: Incoming): ReadonlyMap<string, string> {
  const isForm = /^application\/x-www-form-urlencoded/i.test(
    incoming.headers['content-type'] ?? '',
  );
  return (isForm ? bodyFields(incoming) : undefined) ?? new Map<string, string>();
}

/** Whether the verifier fits (RFC 7636 §4.6); without a challenge anything does. */
export function isVerified(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return true;
  return (
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url') === challenge
  );
}

/** The bearer of an API call. */
export function bearerOf({ headers }: Incoming): string {
  return /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
}
