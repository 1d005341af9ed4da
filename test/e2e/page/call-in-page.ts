import type { PageDriver } from '../browser/page-driver.ts';
import { DEFAULT_DEADLINE_MS, withDeadline } from '../machine/deadline.ts';

/** The in-page deadline ends first and says more, so the outer one comes a little later. */
const OUTER_MARGIN_MS = 2_000;

/** Runs a self-contained function in the page; arguments and result cross as JSON. */
export async function callInPage<Args extends readonly unknown[], Result>(
  driver: Pick<PageDriver, 'evaluate'>,
  fn: (...args: Args) => Result | Promise<Result>,
  args: Args,
  isRestartable = false,
): Promise<Result> {
  const json = JSON.stringify(JSON.stringify(args));
  const answer = await driver.evaluate(
    `(async () => { const value = await (${fn.toString()})(...JSON.parse(${json})); return value === undefined ? undefined : JSON.stringify(value); })()`,
    isRestartable,
  );
  return (answer === undefined ? undefined : JSON.parse(answer)) as Result;
}

/**
 * As `callInPage`, for a function that waits: it begins again in the next document when the page navigates meanwhile. What it is
 * given may depend on how long it may still take.
 */
export async function waitInPage<Request, Result>(
  driver: PageDriver,
  fn: (request: Request) => Result | Promise<Result>,
  requestFor: (remainingMs: number) => Request,
  awaited: string,
  deadlineMs = DEFAULT_DEADLINE_MS,
): Promise<Result> {
  const endsAtMs = Date.now() + deadlineMs;
  for (;;) {
    const remainingMs = Math.max(endsAtMs - Date.now(), 1);
    try {
      return await withDeadline(
        callInPage(driver, fn, [requestFor(remainingMs)], true),
        awaited,
        remainingMs + OUTER_MARGIN_MS,
      );
    } catch (error) {
      if (driver.isGone())
        throw new Error(`the page closed while waiting for ${awaited}`, { cause: error });
      if (!driver.isDocumentReplaced(error) || Date.now() >= endsAtMs) throw error;
    }
  }
}

/** Waits until the document is loaded. Self-contained; runs in the page. */
export async function waitUntilLoaded(): Promise<void> {
  if (document.readyState === 'complete') return;
  await new Promise<void>((resolve) => addEventListener('load', () => resolve(), { once: true }));
}
