import { createHash, type X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startStandin, type Standin } from './standin.ts';

let standin: Standin;
beforeAll(async () => {
  standin = await startStandin({ extraHosts: ['extra.example'] });
});
afterAll(() => standin.close());
beforeEach(() => {
  standin.refusedHosts.length = 0;
});

/** Sends CONNECT; resolves with the status line's code and the socket. */
function connectThrough(authority: string): Promise<{ status: number; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(standin.proxyPort, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (data) => resolve({ status: Number(String(data).split(' ')[1]), socket }));
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  });
}

/** One GET over TLS on an open socket; resolves with everything that came back. */
function getOverTls(socket: Socket, host: string): Promise<{ text: string; spki: string }> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, servername: host, ca: standin.caCertificatePem });
    const chunks: Buffer[] = [];
    secure.once('error', reject);
    secure.on('data', (chunk: Buffer) => chunks.push(chunk));
    secure.once('secureConnect', () => {
      const { publicKey } = secure.getPeerX509Certificate() as X509Certificate;
      const der = publicKey.export({ type: 'spki', format: 'der' });
      const spki = createHash('sha256').update(der).digest('base64');
      secure.once('end', () => resolve({ text: Buffer.concat(chunks).toString(), spki }));
    });
    secure.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}

test.each(['auth.atlassian.com', 'api.atlassian.com', 'a.threelo.test', 'extra.example'])(
  'CONNECT to %s ends at the stand-in, trusted by its authority',
  async (host) => {
    const { status, socket } = await connectThrough(`${host}:443`);
    expect(status).toBe(200);
    const { text, spki } = await getOverTls(socket, host);
    expect(text).toMatch(/^HTTP\/1\.1 40[14]/);
    expect(spki).toBe(standin.spkiSha256Base64);
    expect(standin.refusedHosts).toEqual([]);
  },
);

test.each(['update.googleapis.com:443', 'auth.atlassian.com:80', 'a.b.threelo.test:443'])(
  'CONNECT to %s is refused and recorded',
  async (authority) => {
    const { status, socket } = await connectThrough(authority);
    socket.destroy();
    expect(status).toBe(502);
    expect(standin.refusedHosts).toEqual([authority]);
  },
);

test('loopback passes through, by CONNECT and in plain', async () => {
  const server = createServer((_, response) => response.end('local'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { status, socket } = await connectThrough(`127.0.0.1:${port}`);
  expect(status).toBe(200);
  const answer = new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await answer).toContain('local');
  expect(await plainGet(`http://127.0.0.1:${port}/`)).toEqual([200, 'local']);
  expect(await plainGet('http://example.com/')).toEqual([502, '']);
  expect(standin.refusedHosts).toEqual(['example.com:80']);
  server.close();
});

function plainGet(path: string): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: standin.proxyPort, path }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve([response.statusCode, body]));
    });
    call.on('error', reject).end();
  });
}

test('a client that leaves through the proxy is seen as aborted', async () => {
  const fault = standin.faults.add({ kind: 'hang', match: { host: 'evil.example' } });
  const { socket } = await connectThrough('evil.example:443');
  const secure = connectTls({ socket, servername: 'evil.example', ca: standin.caCertificatePem });
  secure.on('error', () => undefined);
  secure.write('GET /slow HTTP/1.1\r\nHost: evil.example\r\n\r\n');
  await fault.arrived;
  socket.destroy();
  await fault.clientGone;
  const entry = await standin.log.waitFor(
    ({ host, aborted }) => host === 'evil.example' && aborted,
  );
  expect(entry.path).toBe('/slow');
});

test('fetch knows no other host', async () => {
  for (const url of ['https://example.com/', 'http://auth.atlassian.com/', 'https://127.0.0.1/']) {
    await expect(standin.fetch(url)).rejects.toThrow(TypeError);
  }
  expect(standin.refusedHosts).toEqual([
    'example.com:443',
    'auth.atlassian.com:80',
    '127.0.0.1:443',
  ]);
});

test('fetch takes a Request and a signal', async () => {
  const request = new Request('https://dashboard.example/post', { method: 'POST', body: 'hello' });
  expect((await standin.fetch(request)).status).toBe(404);
  const entry = standin.log.requests({ host: 'dashboard.example', method: 'POST' }).at(-1);
  expect(entry).toMatchObject({ bodyText: 'hello', bodyBytes: 5, status: 404, path: '/post' });
  const signal = AbortSignal.abort();
  await expect(standin.fetch('https://dashboard.example/', { signal })).rejects.toThrow(/abort/i);
});

test('pages are served where a test puts them', async () => {
  const headers = { 'Content-Security-Policy': "default-src 'none'" };
  standin.pages.set('dashboard.example', '/app', { body: '<h1>Hi</h1>', headers });
  const page = await standin.fetch('https://dashboard.example/app?x=1');
  expect(await page.text()).toBe('<h1>Hi</h1>');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toBe("default-src 'none'");
  expect((await standin.fetch('https://dashboard.example/other')).status).toBe(404);
});

test('a page can depend on the request', async () => {
  standin.pages.set('dashboard.example', '/mine', ({ headers }) => ({
    status: headers['x-mark'] === 'm' ? 200 : 401,
    body: headers['x-mark'] ?? '',
  }));
  const url = 'https://dashboard.example/mine';
  const [marked, unmarked] = [{ headers: { 'x-mark': 'm' } }, {}];
  const found = await standin.fetch(url, marked);
  expect([found.status, await found.text()]).toEqual([200, 'm']);
  expect((await standin.fetch(url, unmarked)).status).toBe(401);
});

test('the log is waited for without polling, and answers carry the clock’s date', async () => {
  const waited = standin.log.waitFor(({ path, status }) => path === '/later' && status === 404);
  standin.clock.advance(86_400_000);
  const response = await standin.fetch('https://frame.example/later?a=1', {
    headers: { 'x-mark': 'm' },
  });
  const entry = await waited;
  expect(entry.headers['x-mark']).toBe('m');
  expect(entry.query.get('a')).toBe('1');
  const dateMs = Date.parse(response.headers.get('date') ?? '');
  expect(Math.abs(dateMs - standin.clock.nowMs())).toBeLessThan(5000);
  expect(dateMs - Date.now()).toBeGreaterThan(80_000_000);
});
