import { generateKeyPairSync } from 'node:crypto';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata, Configuration, JWK, Provider } from 'oidc-provider';
import type { Accounts } from '../facts/sites.ts';
import { json, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { SystemParts } from '../state/system.ts';
import { clockedAdapter } from './clocked-adapter.ts';
import { answerInteraction } from './interactions.ts';

type Features = NonNullable<Configuration['features']>;
type RevocationPolicy = NonNullable<NonNullable<Features['revocation']>['allowedPolicy']>;

/** What the provider takes from its issuer. */
export interface IssuerSettings {
  /** For instance `https://issuer-one.example.test`. */
  readonly issuer: string;
  /** Seconds; read at every issue. */
  accessLifeSeconds: number;
  codeLifeSeconds: number;
}

/** oidc-provider behind a loopback port. */
export interface Backend {
  forward(incoming: Incoming): Promise<Answer>;
  close(): Promise<void>;
}

/** Loads and starts oidc-provider. */
export async function startBackend(
  parts: SystemParts,
  issuer: IssuerSettings,
  clients: ReadonlyMap<string, ClientMetadata>,
): Promise<Backend> {
  const { Provider } = await import('oidc-provider');
  const adapter = clockedAdapter(parts.clock, parts.issuedBy(issuer.issuer));
  const provider = new Provider(issuer.issuer, {
    ...configuration(parts.accounts, issuer),
    adapter: (model: string) =>
      model === 'Client'
        ? { ...adapter(model), find: (id: string) => Promise.resolve(clients.get(id)) }
        : adapter(model),
  });
  // X-Forwarded-Proto says that TLS is in front of it.
  provider.proxy = true;
  const answerOwn = provider.callback();
  const server = createServer((message, response) => {
    void serve(provider, parts.accounts, answerOwn, message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    forward: (incoming) => forward(incoming, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  provider: Provider,
  accounts: Accounts,
  answerOwn: (message: IncomingMessage, response: ServerResponse) => unknown,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = message.url ?? '';
    if (path.startsWith('/interaction/')) {
      await answerInteraction(provider, accounts, message, response);
    } else if (path.startsWith('/api/')) {
      const answer = await answerApi(provider, accounts, message);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } else {
      await answerOwn(message, response);
    }
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
  }
}

/** GET /api/notes: a resource that an access token of this issuer opens. */
async function answerApi(
  provider: Provider,
  accounts: Accounts,
  message: IncomingMessage,
): Promise<Answer> {
  const [, value = ''] = /^Bearer (\S+)$/i.exec(message.headers.authorization ?? '') ?? [];
  const token = value === '' ? undefined : await provider.AccessToken.find(value);
  if (token === undefined) {
    // RFC 6750 §3.1.
    const challenge = value === '' ? 'Bearer' : 'Bearer error="invalid_token"';
    return json(401, { error: 'invalid_token' }, { 'www-authenticate': challenge });
  }
  const { nickname } = accounts.get(token.accountId);
  return json(200, { owner: nickname, notes: [`A note of ${nickname}`], scope: token.scope });
}

/** RFC 7009 §2.1: a token is revoked only by the client that it was issued to. */
const ownTokens: RevocationPolicy = (_, client, token) =>
  !('clientId' in token) || token.clientId === client.clientId;

const signingKeys = new Map<string, JWK>();

/** One key per issuer and process: making it takes longer than everything else here. */
function signingKeyOf(issuer: string): JWK {
  const known = signingKeys.get(issuer);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' }) as JWK;
  signingKeys.set(issuer, key);
  return key;
}

function configuration(accounts: Accounts, issuer: IssuerSettings): Configuration {
  return {
    scopes: ['openid', 'offline_access', 'profile', 'email', 'notes'],
    claims: { openid: ['sub'], profile: ['name', 'nickname'], email: ['email'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: ownTokens },
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [signingKeyOf(issuer.issuer)] },
    cookies: { keys: ['stand-in'] },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: () => issuer.accessLifeSeconds,
      AuthorizationCode: () => issuer.codeLifeSeconds,
      RefreshToken: 14 * 24 * 3600,
      Grant: 14 * 24 * 3600,
      IdToken: 3600,
      Interaction: 3600,
      Session: 14 * 24 * 3600,
    },
    findAccount: (_, id) => {
      const account = accounts.find(id);
      if (account === undefined) return undefined;
      const { accountId, name, nickname, email } = account;
      const claims = { sub: accountId, name, nickname, email };
      return { accountId, claims: () => Promise.resolve(claims) };
    },
  };
}

function forward(incoming: Incoming, port: number): Promise<Answer> {
  const { pathname, search } = new URL(incoming.href);
  const headers = { ...incoming.headers, host: incoming.host, 'x-forwarded-proto': 'https' };
  const { method, body } = incoming;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: pathname + search, method, headers };
    const onward = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject).once('end', () => {
        const kept = Object.entries(response.headers).filter(
          ([name]) => !/^(connection|content-length|date|keep-alive|transfer-encoding)$/.test(name),
        );
        const answered = Object.fromEntries(kept) as Record<string, string | string[]>;
        const status = response.statusCode ?? 500;
        resolve({ status, headers: answered, body: Buffer.concat(chunks) });
      });
    });
    onward.once('error', reject).end(body);
  });
}
