import type { Threelo } from '#wire/page-api.ts';
import { errorOf, find, isNotConnected, newest, notConnected, page } from './newest.ts';

/** How {@link connect} waits. */
export interface ConnectOptions {
  /** How long to wait, in milliseconds; default 3,000. With `Infinity` it waits until the person connects the page. */
  readonly timeoutMs?: number;
  /** Ends the wait; the promise is then rejected with its reason. */
  readonly signal?: AbortSignal;
}

/** A longer delay overflows: `setTimeout` then calls back at once. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Waits until the page is connected. What it resolves to works on after the connection ended and the person connected the
 * page again; until then its calls are rejected with `not_connected`.
 * @throws ThreeloError `not_connected` when Threelo is not installed or not connected, `timeout` when it does not answer;
 *   the reason of `signal`
 */
export function connect({ timeoutMs = 3000, signal }: ConnectOptions = {}): Promise<Threelo> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked: Threelo | undefined;
    let isAnswered = true;
    const end = (act: () => void): void => {
      clearTimeout(timer);
      page.removeEventListener?.('threelo:ready', ask);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const ask = (): void => {
      const threelo = find();
      if (threelo === undefined || threelo === asked) return;
      asked = threelo;
      isAnswered = false;
      const succeed = (): void => {
        end(() => {
          resolve(newest());
        });
      };
      threelo.sites().then(succeed, (thrown: unknown) => {
        // Any other refusal is one of a connected page.
        if (!isNotConnected(thrown)) succeed();
        else if (threelo === asked) isAnswered = true;
      });
    };
    const abort = (): void => {
      end(() => {
        reject(signal?.reason as Error);
      });
    };
    const giveUp = (): void => {
      const silent = `Threelo did not answer within ${timeoutMs} ms. Try again, or reload the page.`;
      end(() => {
        reject(isAnswered ? errorOf('not_connected', notConnected) : errorOf('timeout', silent));
      });
    };
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort);
    page.addEventListener?.('threelo:ready', ask);
    if (timeoutMs <= maxDelayMs) timer = setTimeout(giveUp, timeoutMs);
    ask();
  });
}
