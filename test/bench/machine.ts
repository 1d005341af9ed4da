import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import type { BrowserName } from '../e2e/browser/browser-under-test.ts';
import { findChromium, findFirefox } from '../e2e/machine/find-binary.ts';
import { table } from './statistics.ts';

const binaryOf = { chromium: findChromium, firefox: findFirefox } as const;

/** Prints what the figures depend on: day, processor, operating system, versions. Nothing that names the machine. */
export function printMachine(browsers: readonly BrowserName[]): void {
  const [processor] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  console.log(
    table(
      [
        ['date', new Date().toISOString().slice(0, 10)],
        ['processor', `${String(cpus().length)} × ${processor?.model ?? 'unknown'}, ${memory}`],
        ['system', `${systemName()}, Node ${process.versions.node}`],
        ...browsers.map((browser) => [browser, versionOf(browser)]),
      ],
      'left',
    ),
  );
}

/** The name of the distribution where there is one, and the kernel. */
function systemName(): string {
  const kernel = `${type()} ${release()}`;
  try {
    const [, name] =
      /^PRETTY_NAME="?([^"\n]*)/mu.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    return name === undefined ? kernel : `${name}, ${kernel}`;
  } catch {
    return kernel; // not a Linux
  }
}

function versionOf(browser: BrowserName): string {
  const binary = binaryOf[browser]();
  if (binary === undefined) return 'not installed';
  return execFileSync(binary, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}
