import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { StandinClock } from '../facts/clock.ts';
import type { Answer } from './answer.ts';
import type { Certificates } from './certificates.ts';
import { waitFor } from './delays.ts';
import { answerInstead, bendAnswer } from './fault-answers.ts';
import type { MetFault } from './faults.ts';
import { readBody, readHead, type Incoming } from './incoming.ts';
import { newEntry, type LogEntry, type TrafficLog } from './traffic-log.ts';

/** What the TLS server is built from. */
export interface TlsServerParts {
  readonly certificates: Certificates;
  readonly clock: StandinClock;
  readonly log: TrafficLog;
  readonly changed: (entry: LogEntry) => void;
  readonly take: (incoming: Incoming) => MetFault[];
  readonly handle: (incoming: Incoming) => Answer | Promise<Answer>;
  readonly port: number;
}

/** A listening server. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the TLS server on the loopback address. */
export async function startTlsServer(parts: TlsServerParts): Promise<Listening> {
  const { leafPem, caPem, leafKeyPem } = parts.certificates;
  const server = createServer(
    {
      cert: leafPem + '\n' + caPem,
      key: leafKeyPem,
      keepAliveTimeout: 60_000,
      maxHeaderSize: 65_536,
    },
    (message, response) => void serve(parts, message, response),
  );
  return listen(server, parts.port);
}

/** Starts the same server without TLS, for the hosts that are reached over plain http. */
export function startPlainServer(parts: TlsServerParts): Promise<Listening> {
  const server = createPlainServer({ maxHeaderSize: 65_536 }, (message, response) => {
    void serve(parts, message, response);
  });
  return listen(server, 0);
}

async function listen(server: Server, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  parts: TlsServerParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const head = readHead(message);
  const entry = newEntry(head, parts.clock.nowMs());
  const gone = watchEnd(parts, entry, response);
  parts.log.push(entry);
  parts.changed(entry);
  try {
    const body = await readBody(message);
    Object.assign(entry, { body, bodyText: body.toString('utf8'), bodyBytes: body.length });
    await answerOne(parts, { ...head, body, hints: new Set() }, entry, response, gone);
  } catch (error) {
    if (response.destroyed) return;
    entry.outcome = 'failed';
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** Records how the exchange ended; resolves when the connection or the answer is over. */
function watchEnd(parts: TlsServerParts, entry: LogEntry, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', () => {
      if (entry.outcome === 'pending') {
        entry.aborted = !response.writableFinished;
        entry.outcome = entry.aborted ? 'aborted' : 'answered';
      }
      entry.answeredAtMs = parts.clock.nowMs();
      parts.changed(entry);
      resolve();
    });
  });
}

async function answerOne(
  parts: TlsServerParts,
  request: Incoming,
  entry: LogEntry,
  response: ServerResponse,
  gone: Promise<void>,
): Promise<void> {
  const met = parts.take(request);
  entry.faults = met.map((fault) => fault.action.kind);
  const incoming = { ...request, hints: new Set(entry.faults) };
  parts.changed(entry);
  void gone.then(() => {
    if (entry.aborted) met.forEach((fault) => fault.clientGone());
  });
  await waitFor(met, 'before', gone);
  const last = met.find((fault) => fault.action.kind !== 'latency')?.action;
  if (last?.kind === 'hang') return;
  if (last?.kind === 'drop-before') {
    breakOff(entry, response);
    return;
  }
  if (last?.kind === 'raw') {
    response.socket?.write(last.text);
    if (last.staysOpen === true) return;
    entry.outcome = 'broken';
    response.socket?.end();
    return;
  }
  const own = (last && answerInstead(last, parts.clock.nowMs())) ?? (await parts.handle(incoming));
  await waitFor(met, 'after', gone);
  if (last?.kind === 'drop-after') {
    breakOff(entry, response);
    return;
  }
  const answer = last ? bendAnswer(last, own, incoming) : own;
  send(parts, answer, entry, response, last?.kind === 'truncate');
}

async function sendStream(
  stream: AsyncIterable<Uint8Array>,
  entry: LogEntry,
  response: ServerResponse,
): Promise<void> {
  response.flushHeaders();
  const gone = new Promise((resolve) => response.once('close', resolve));
  try {
    for await (const piece of stream) {
      if (!response.write(piece))
        await Promise.race([gone, new Promise((resolve) => response.once('drain', resolve))]);
      if (response.destroyed) return;
    }
    response.end();
  } catch {
    breakOff(entry, response);
  }
}

function breakOff(entry: LogEntry, response: ServerResponse): void {
  if (entry.outcome === 'pending') entry.outcome = 'broken';
  response.socket?.destroy();
}

function send(
  parts: TlsServerParts,
  answer: Answer,
  entry: LogEntry,
  response: ServerResponse,
  isTruncated: boolean,
): void {
  if (response.destroyed) return;
  const { stream } = answer;
  const hasBody = ![204, 205, 304].includes(answer.status);
  const body = hasBody ? Buffer.from(answer.body ?? '') : Buffer.alloc(0);
  response.sendDate = false;
  response.setHeader('date', new Date(parts.clock.nowMs()).toUTCString());
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (hasBody && stream === undefined) response.setHeader('content-length', body.length);
  entry.status = answer.status;
  response.writeHead(answer.status);
  if (stream !== undefined) return void sendStream(stream, entry, response);
  if (!isTruncated) return void response.end(body);
  entry.outcome = 'broken';
  response.write(body.subarray(0, Math.floor(body.length / 2)), () =>
    response.socket?.destroySoon(),
  );
}
