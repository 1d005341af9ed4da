import {
  Agent,
  buildConnector,
  fetch as undiciFetch,
  type RequestInit as UndiciInit,
} from 'undici';
import { isKnownHost } from './facts/hosts.ts';

/** What the fetch needs to find and to trust the TLS server. */
export interface FetchParts {
  readonly knownHosts: readonly string[];
  readonly tlsPort: number;
  /** Hosts served without TLS, and where. */
  readonly plainHosts: readonly string[];
  readonly plainPort: number;
  readonly caPem: string;
  readonly refusedHosts: string[];
}

/** A `fetch` under which the production hosts are the stand-in and no other host exists. */
export function makeFetch(parts: FetchParts): { fetch: typeof fetch; close: () => Promise<void> } {
  const connectTls = buildConnector({ ca: parts.caPem });
  const dispatcher = new Agent({
    connect: (options, callback) => {
      const { hostname, protocol, port } = options;
      const isPlain = protocol === 'http:';
      const hosts = isPlain ? parts.plainHosts : parts.knownHosts;
      const isOurs = ['', isPlain ? '80' : '443'].includes(port);
      if (!isOurs || !isKnownHost(hosts, hostname)) {
        parts.refusedHosts.push(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`);
        callback(new Error(`The stand-in does not play ${protocol}//${hostname}`), null);
        return;
      }
      const ourPort = String(isPlain ? parts.plainPort : parts.tlsPort);
      const target = { hostname: '127.0.0.1', host: '127.0.0.1', port: ourPort };
      connectTls({ ...options, ...target, servername: hostname }, callback);
    },
  });
  const call = async (input: string | URL | Request, init: RequestInit = {}): Promise<unknown> => {
    const plain = await asPlainCall(input, init);
    return undiciFetch(plain.url, { ...(plain.init as UndiciInit), dispatcher });
  };
  return { fetch: call as typeof fetch, close: () => dispatcher.destroy() };
}

/** undici knows only its own Request and FormData: the global ones are unfolded here. */
export async function asPlainCall(
  input: string | URL | Request,
  init: RequestInit,
): Promise<{ url: string; init: RequestInit }> {
  if (!(input instanceof Request) && !(init.body instanceof FormData)) {
    return { url: String(input), init };
  }
  const request = new Request(input, init);
  const body = request.body === null ? null : await request.arrayBuffer();
  const { method, redirect, signal } = request;
  const headers = [...request.headers] as [string, string][];
  return { url: request.url, init: { method, redirect, signal, headers, body } };
}
