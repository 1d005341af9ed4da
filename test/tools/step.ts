import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** One command of the tool chain. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How it went. */
export interface Outcome {
  readonly name: string;
  readonly isOk: boolean;
  readonly output: string;
  readonly durationMs: number;
}

/** Makes the many starts of Firefox cheaper; where it fails, they are as they were. */
export const firefoxStartupCache: Step = {
  name: 'startup cache of Firefox',
  command: 'node',
  args: ['test/e2e/firefox/startup-cache.ts'],
};

const root = join(import.meta.dirname, '../..');
const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);

/** Runs a command from `node_modules/.bin`; what it prints is kept, or with `isLive` shown as it comes. */
export async function runStep(
  { name, command, args = [], env = {} }: Step,
  isLive = false,
): Promise<Outcome> {
  const startMs = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, NO_UPDATE_NOTIFIER: '1', ...env },
    stdio: ['ignore', isLive ? 'inherit' : 'pipe', isLive ? 'inherit' : 'pipe'],
    shell: process.platform === 'win32',
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const isOk = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`));
      resolve(false);
    });
    child.on('close', (code) => {
      resolve(code === 0);
    });
  });
  return {
    name,
    isOk,
    output: Buffer.concat(chunks).toString(),
    durationMs: performance.now() - startMs,
  };
}

/** `12.3 s`, for a report. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
