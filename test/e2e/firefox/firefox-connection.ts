import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { withDeadline } from '../machine/deadline.ts';
import type { Display } from '../machine/display.ts';
import { startOwned, type OwnedProcess } from '../machine/owned-process.ts';
import { BidiError, connectBidi, type BidiConnection } from './bidi.ts';

/** A running Firefox and the way to talk to it. */
export interface FirefoxConnection {
  readonly process: OwnedProcess;
  readonly bidi: BidiConnection;
  /**
   * Runs a self-contained function with the browser's own rights, in its first window. For what has no other handle: the
   * toolbar popup, the permission prompt, the background page.
   */
  inChrome<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result | Promise<Result>,
    args: Args,
    deadlineMs?: number,
  ): Promise<Result>;
}

interface EvaluateResult {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly type: string; readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

const EVENTS = [
  'browsingContext.contextCreated',
  'browsingContext.contextDestroyed',
  'browsingContext.navigationCommitted',
];

/** Starts Firefox on a profile and opens a WebDriver BiDi session. */
export async function startFirefox(
  binary: string,
  profileDir: string,
  display: Display,
  consoleFile?: string,
): Promise<FirefoxConnection> {
  const output = consoleFile === undefined ? 'ignore' : openSync(consoleFile, 'a');
  const owned = startOwned(
    binary,
    [
      '--profile',
      profileDir,
      '--no-remote',
      '--new-instance',
      '--remote-debugging-port=0',
      '--remote-allow-system-access',
      '--width=1200',
      '--height=900',
    ],
    {
      env: {
        ...process.env,
        DISPLAY: display.name,
        MOZ_CRASHREPORTER_DISABLE: '1',
        MOZ_DISABLE_AUTO_SAFE_MODE: '1',
      },
      stdio: ['ignore', output, 'pipe'],
    },
  );
  if (typeof output === 'number') closeSync(output); // Firefox has its own by now
  try {
    const address = await withDeadline(
      readAddress(owned.child.stderr as Readable),
      'Firefox to print its WebDriver BiDi address',
      30_000,
    );
    const bidi = await connectBidi(`${address}/session`);
    await bidi.send('session.new', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
    });
    await bidi.send('session.subscribe', { events: EVENTS });
    return {
      process: owned,
      bidi,
      inChrome: (fn, args, deadlineMs) => callInChrome(bidi, fn, args, deadlineMs),
    };
  } catch (error) {
    await owned.end('SIGKILL');
    throw error;
  }
}

/** Quits Firefox as a person does, and waits until it has ended. */
export async function quitFirefox({ bidi, process: owned }: FirefoxConnection): Promise<void> {
  await bidi.send('browser.close', {}).catch((error: unknown) => {
    if (!(error instanceof BidiError && error.code === 'connection closed')) throw error; // it may go before it answers
  });
  await withDeadline(owned.ended, 'Firefox to quit', 30_000);
  bidi.close();
}

/** Evaluates an expression that yields a promise of a string or undefined in one browsing context. */
export async function evaluateInContext(
  bidi: BidiConnection,
  context: string,
  expression: string,
  deadlineMs = Infinity,
): Promise<string | undefined> {
  const answer = (await bidi.send(
    'script.evaluate',
    { expression, awaitPromise: true, target: { context }, userActivation: false },
    deadlineMs,
  )) as unknown as EvaluateResult;
  if (answer.type === 'exception')
    throw new Error(answer.exceptionDetails?.text ?? 'an exception without a text');
  return answer.result?.type === 'string' ? answer.result.value : undefined;
}

async function callInChrome<Args extends readonly unknown[], Result>(
  bidi: BidiConnection,
  fn: (...args: Args) => Result | Promise<Result>,
  args: Args,
  deadlineMs?: number,
): Promise<Result> {
  const window = windowOf.get(bidi) ?? (await findWindow(bidi));
  windowOf.set(bidi, window);
  const json = JSON.stringify(JSON.stringify(args));
  const expression = `(async () => { const value = await (${fn.toString()})(...JSON.parse(${json})); return value === undefined ? undefined : JSON.stringify(value); })()`;
  const answer = await evaluateInContext(bidi, window, expression, deadlineMs);
  return (answer === undefined ? undefined : JSON.parse(answer)) as Result;
}

/** The first window, which stays open as long as the browser runs. */
const windowOf = new WeakMap<BidiConnection, string>();

async function findWindow(bidi: BidiConnection): Promise<string> {
  const { contexts } = (await bidi.send('browsingContext.getTree', {
    'moz:scope': 'chrome',
    maxDepth: 0,
  })) as { contexts: { context: string; url: string }[] };
  const window = contexts.find(({ url }) => url === 'chrome://browser/content/browser.xhtml');
  if (!window) throw new Error('Firefox has no window open');
  return window.context;
}

async function readAddress(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
    if (address !== undefined) {
      stream.resume(); // the rest is not read, and a full pipe would stop Firefox
      return address;
    }
  }
  throw new Error(`Firefox ended before it listened: ${text}`);
}
