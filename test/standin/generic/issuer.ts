import type { ClientMetadata } from 'oidc-provider';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { RequestKind } from '../state/auditor.ts';
import type { System, SystemParts } from '../state/system.ts';
import { startBackend, type Backend, type IssuerSettings } from './oidc-backend.ts';

/** Ways to tamper with the redirect back to the app, for mix-up and injection tests. */
export interface IssuerTamper {
  /** Another issuer in `iss` (RFC 9207). */
  iss?: string;
  dropIss?: boolean;
  dropState?: boolean;
  /** A code that was issued to another client or by another issuer. */
  code?: string;
}

/** One OpenID provider; strict PKCE, rotation with reuse detection, `iss` in responses. */
export interface Issuer extends IssuerSettings {
  tamper: IssuerTamper;
  clients: {
    add(spec: {
      readonly clientId: string;
      /** Absent: a public client. */
      readonly clientSecret?: string;
      readonly redirectUris: readonly string[];
      readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'none';
    }): void;
  };
}

/** An issuer that starts its server with the first request. */
export function openIssuer(parts: SystemParts, host: string): { system: System; value: Issuer } {
  const issuer = `https://${host}`;
  const clients = new Map<string, ClientMetadata>();
  const value: Issuer = {
    issuer,
    tamper: {},
    accessLifeSeconds: 3600,
    codeLifeSeconds: 60,
    clients: {
      add: ({ clientId, clientSecret, redirectUris, clientAuthentication }) => {
        const method = clientAuthentication ?? (clientSecret ? 'client_secret_basic' : 'none');
        clients.set(clientId, {
          client_id: clientId,
          ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
          redirect_uris: [...redirectUris],
          token_endpoint_auth_method: method,
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          application_type: 'web',
        });
      },
    },
  };
  let backend: Promise<Backend> | undefined;
  const system: System = {
    hosts: [host],
    nameOf: () => issuer,
    kindOf,
    answer: async (incoming) => {
      backend ??= startBackend(parts, value, clients);
      return tamperWith(await (await backend).forward(incoming), value.tamper, host);
    },
    close: async () => (await backend)?.close(),
  };
  return { system, value };
}

function kindOf({ path }: Incoming): RequestKind {
  if (/^\/token(\/revocation)?$/.test(path)) return 'token';
  return path === '/me' || path.startsWith('/api/') ? 'gateway' : 'page';
}

function tamperWith(answer: Answer, tamper: IssuerTamper, host: string): Answer {
  const url = URL.parse(String(answer.headers?.['location'] ?? ''));
  if (url === null || url.host === host) return answer;
  const { searchParams } = url;
  if (tamper.iss !== undefined) searchParams.set('iss', tamper.iss);
  if (tamper.dropIss) searchParams.delete('iss');
  if (tamper.dropState) searchParams.delete('state');
  if (tamper.code !== undefined) searchParams.set('code', tamper.code);
  return { ...answer, headers: { ...answer.headers, location: url.href } };
}
