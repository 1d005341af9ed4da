import type { PageDriver } from '../browser/page-driver.ts';
import { DEFAULT_DEADLINE_MS, DeadlineError, withDeadline } from '../machine/deadline.ts';

/** The in-page deadline ends first and says more, so the outer one comes a little later. */
const OUTER_MARGIN_MS = 2_000;

/**
 * How long a wait goes on without an answer before it begins again. After Back, Firefox may still evaluate in the document that
 * goes into the back-forward cache, which then neither answers nor is reported as replaced.
 */
const SILENCE_MS = 5_000;

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
 * As `callInPage`, for a function that waits: it begins again in the next document when the page navigates meanwhile, and when it
 * is silent for long. What it is given may depend on how long it may still take.
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
    const isLast = remainingMs < 2 * SILENCE_MS;
    try {
      return await withDeadline(
        callInPage(driver, fn, [requestFor(remainingMs)], true),
        awaited,
        isLast ? remainingMs + OUTER_MARGIN_MS : SILENCE_MS,
      );
    } catch (error) {
      if (driver.isGone())
        throw new Error(`the page closed while waiting for ${awaited}`, { cause: error });
      const isSilent = error instanceof DeadlineError && !isLast;
      const beginsAgain = isSilent || driver.isDocumentReplaced(error);
      if (!beginsAgain || Date.now() >= endsAtMs) throw error;
    }
  }
}
