import { parseArgs } from 'node:util';
import { BROWSER_NAMES, type BrowserName } from '../e2e/browser/browser-under-test.ts';

/** The arguments after `npm start --`. */
export interface DemoArguments {
  readonly browser: BrowserName;
  /** Folder for the pictures of the documentation; undefined when they are not wanted. */
  readonly screenshots: string | undefined;
}

const usage = `npm start [-- --browser ${BROWSER_NAMES.join('|')}] [--screenshots <folder>]`;

/** Reads the command line; throws a sentence that says what can be typed. */
export function readArguments(args: readonly string[]): DemoArguments {
  const { browser, screenshots } = parse(args);
  const name = BROWSER_NAMES.find((known) => known === browser);
  if (name === undefined) throw new Error(`No browser ${browser} here. ${usage}`);
  return { browser: name, screenshots };
}

function parse(args: readonly string[]): { browser: string; screenshots: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        browser: { type: 'string', default: 'chromium' },
        screenshots: { type: 'string' },
      },
    });
    return { browser: values.browser, screenshots: values.screenshots };
  } catch (error) {
    throw new Error(`${(error as Error).message} ${usage}`, { cause: error });
  }
}
