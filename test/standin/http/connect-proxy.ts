import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isKnownHost, isLoopback } from '../facts/hosts.ts';
import type { Listening } from './tls-server.ts';

/** The second one makes another origin of the same host. */
const PLAYED_PORTS = [443, 8443];

/** What the proxy is built from. */
export interface ProxyParts {
  readonly knownHosts: readonly string[];
  readonly tlsPort: number;
  /** Hosts served without TLS, and where. */
  readonly plainHosts: readonly string[];
  readonly plainPort: number;
  /** Receives `host:port` of every target that was refused. */
  readonly refusedHosts: string[];
  readonly port: number;
}

/**
 * Starts the HTTP proxy: CONNECT (RFC 9110 §9.3.6) to a known host on a port that is played ends at the TLS server,
 * loopback targets are passed through, plain http reaches the hosts served so, everything else is answered 502 at once.
 */
export async function startConnectProxy(parts: ProxyParts): Promise<Listening> {
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((message, response) => forward(parts, message, response));
  server.on('connection', keep);
  server.on('connect', (message: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = route(parts, message.url ?? '');
    if (target === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const upstream = connect(target.port, target.host);
    keep(upstream);
    join(client, upstream);
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
        server.closeAllConnections();
      }),
  };
}

/** Either end closing closes the other, so that an abort is seen at once on the far side. */
function join(client: Duplex, upstream: Socket): void {
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => (client.writableEnded ? undefined : client.end()));
  upstream.once('error', () => client.destroy());
}

function route(parts: ProxyParts, authority: string): { host: string; port: number } | undefined {
  const [, host = '', portText = ''] = /^(.*):(\d+)$/.exec(authority) ?? [];
  const port = Number(portText);
  if (isLoopback(host)) return { host: host.replace(/[[\]]/g, ''), port };
  if (PLAYED_PORTS.includes(port) && isKnownHost(parts.knownHosts, host)) {
    return { host: '127.0.0.1', port: parts.tlsPort };
  }
  parts.refusedHosts.push(authority);
  return undefined;
}

function forward(parts: ProxyParts, message: IncomingMessage, response: ServerResponse): void {
  const url = URL.parse(message.url ?? '');
  const isPlain = url?.port === '' && isKnownHost(parts.plainHosts, url.hostname);
  if (url === null || url.protocol !== 'http:' || !(isPlain || isLoopback(url.hostname))) {
    parts.refusedHosts.push(
      url === null ? String(message.url) : `${url.hostname}:${url.port || 80}`,
    );
    response.writeHead(502, { 'content-length': 0, connection: 'close' }).end();
    return;
  }
  const { method, headers } = message;
  const target = isPlain ? { hostname: '127.0.0.1', port: parts.plainPort } : {};
  const onward = request(url, { method, headers, ...target }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  message.pipe(onward);
}
