/** `npm run bench`: what a call through Threelo costs, as ratios to a chain that does nothing else, in both browsers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BROWSER_NAMES, type BrowserName } from '../e2e/browser/browser-under-test.ts';
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import { runStep } from '../tools/step.ts';
import { printCallTable } from './call-table.ts';
import { printColdStart } from './cold-start.ts';
import { openBench } from './setting.ts';
import { printSizes } from './sizes.ts';

/** Which browsers: those named on the command line, else all. */
function wantedBrowsers(names: readonly string[]): readonly BrowserName[] {
  const unknown = names.find((name) => !BROWSER_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(`No browser ${unknown} here. npm run bench [-- ${BROWSER_NAMES.join(' ')}]`);
  return names.length === 0 ? BROWSER_NAMES : BROWSER_NAMES.filter((name) => names.includes(name));
}

async function build(): Promise<void> {
  for (const mode of ['production', 'firefox']) {
    const args = ['build', '--mode', mode, '--logLevel', 'warn'];
    const { isOk, output } = await runStep({ name: `build for ${mode}`, command: 'vite', args });
    if (!isOk) throw new Error(output);
  }
}

async function measure(browser: BrowserName, folder: string): Promise<void> {
  process.env['THREELO_BROWSER'] = browser;
  const bench = await openBench(path.join(folder, browser));
  try {
    console.log(`\n${browser}: median time of a call, the direct fetch being 1`);
    await printCallTable(bench);
    console.log(`\n${browser}: first call after the background was ended`);
    await printColdStart(bench);
  } finally {
    await bench.close();
  }
}

const browsers = wantedBrowsers(process.argv.slice(2));
ensureBrowsers();
await build();
printSizes();
const folder = await mkdtemp(path.join(tmpdir(), 'threelo-bench-'));
try {
  for (const browser of browsers) await measure(browser, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
