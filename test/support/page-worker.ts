import { beforeEach, vi } from 'vitest';
import { createPageApi } from '../../extension/content/page-api.ts';
import { LostCommand, type WorkerChannel } from '../../extension/content/worker-channel.ts';
import type { ApiReply, ApiRequest } from '../../extension/wire/api-call.ts';

/** The worker behind `threelo.fetch`, as a suite sees it that has no background. It begins anew before each test. */
export const worker = {
  /** The calls that it received, in order. */
  sent: [] as ApiRequest[],
  /** The names of all commands that it received, in order. */
  commands: [] as string[],
  /** What differs in its replies from a 200 with a little JSON. */
  reply: {} as Partial<ApiReply>,
  /** The commands that it loses, in order. */
  lost: [] as string[],
};

/** Has `worker` begin anew before each test of the suite, in a page at `https://page.example/dashboard`. */
export function usePageWorker(): void {
  beforeEach(() => {
    Object.assign(worker, { sent: [], commands: [], reply: {}, lost: [] });
    vi.unstubAllGlobals();
    vi.stubGlobal('location', new URL('https://page.example/dashboard'));
  });
}

const channel: WorkerChannel = {
  send: (name, body) => {
    worker.commands.push(name);
    if (name === 'api.request') worker.sent.push(body as ApiRequest);
    if (name === worker.lost[0]) {
      worker.lost.shift();
      return Promise.reject(new LostCommand());
    }
    const url = 'https://acme.atlassian.net/rest/api/3/myself';
    const chunk = new TextEncoder().encode('{"ok":true}').buffer;
    const whole = { status: 200, statusText: 'OK', headers: [], url, chunk, isComplete: true };
    return Promise.resolve({ ...whole, ...worker.reply } as never);
  },
};

/** The page API over this worker. */
export const threelo = createPageApi(channel, new EventTarget(), '1.0.0');

/** `threelo.fetch`, with any arguments. */
export const pageFetch = threelo.fetch as (...args: unknown[]) => Promise<Response>;

/** The call that the worker receives for these arguments. */
export async function call(...args: unknown[]): Promise<ApiRequest> {
  await pageFetch(...args);
  const request = worker.sent.at(-1);
  if (request === undefined) throw new Error('nothing was sent');
  return request;
}

/** What `threelo.fetch` throws for these arguments. */
export function failure(...args: unknown[]): Promise<unknown> {
  return pageFetch(...args).then(
    () => 'a response',
    (thrown: unknown) => thrown,
  );
}
