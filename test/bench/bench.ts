/** `npm run bench`: what Threelo costs, beside a chain that does nothing else, in both browsers. How to read it: `docs/performance.md`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BROWSER_NAMES, type BrowserName } from '../e2e/browser/browser-under-test.ts';
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import { buildExtension } from '../tools/build.ts';
import { namedOrAll, refuseUnknown } from '../tools/named-arguments.ts';
import { printCallTable } from './call-table.ts';
import { printColdStart } from './cold-start.ts';
import { printExpiry } from './expiry.ts';
import { printMachine } from './machine.ts';
import { printMemory } from './memory.ts';
import { printPolicy } from './policy.ts';
import { printPopup } from './popup.ts';
import { openBench, type Bench } from './setting.ts';
import { printSizes } from './sizes.ts';

/** What is measured, in the order of the output. */
const usualSections = ['sizes', 'policy', 'call-table', 'cold-start', 'expiry', 'popup'] as const;
/** Those that take long are measured only when they are named. */
const sectionNames = [...usualSections, 'memory'] as const;
type SectionName = (typeof sectionNames)[number];

/** The arguments after `npm run bench --`: of each kind those that are named, or the usual ones when none is. */
interface BenchArguments {
  readonly browsers: readonly BrowserName[];
  readonly sections: readonly SectionName[];
}

/** Reads the command line; throws a sentence that says what can be typed. */
function readArguments(args: readonly string[]): BenchArguments {
  refuseUnknown(args, [...BROWSER_NAMES, ...sectionNames], {
    script: 'bench',
    kinds: 'Neither a browser nor a section',
  });
  const named = sectionNames.filter((name) => args.includes(name));
  return {
    browsers: namedOrAll(BROWSER_NAMES, args),
    sections: named.length === 0 ? usualSections : named,
  };
}

/** The sections that need a browser, in the order in which they run: the last one fills the storage. */
const inBrowser: readonly {
  readonly name: Exclude<SectionName, 'sizes' | 'policy'>;
  readonly title: string;
  readonly print: (bench: Bench) => Promise<void>;
}[] = [
  {
    name: 'call-table',
    title: 'median time of a call, the direct fetch being 1',
    print: printCallTable,
  },
  {
    name: 'cold-start',
    title: 'first call after the background was ended',
    print: printColdStart,
  },
  {
    name: 'expiry',
    title: '10,000 calls at the moment at which the access token expires',
    print: printExpiry,
  },
  {
    name: 'popup',
    title: 'from the key that opens the popup until its content is painted',
    print: printPopup,
  },
  {
    name: 'memory',
    title: 'memory of the background over twenty minutes of calls',
    print: printMemory,
  },
];

async function measure(
  browser: BrowserName,
  sections: readonly SectionName[],
  folder: string,
): Promise<void> {
  const wanted = inBrowser.filter(({ name }) => sections.includes(name));
  if (wanted.length === 0) return;
  process.env['THREELO_BROWSER'] = browser;
  const bench = await openBench(path.join(folder, browser));
  try {
    for (const { title, print } of wanted) {
      console.log(`\n${browser}: ${title}`);
      await print(bench);
    }
  } finally {
    await bench.close();
  }
}

const { browsers, sections } = readArguments(process.argv.slice(2));
ensureBrowsers();
printMachine(browsers);
for (const browser of BROWSER_NAMES) await buildExtension(browser);
if (sections.includes('sizes')) printSizes();
if (sections.includes('policy')) await printPolicy();
const folder = await mkdtemp(path.join(tmpdir(), 'threelo-bench-'));
try {
  for (const browser of browsers) await measure(browser, sections, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
