import { runStep } from './step.ts';

/** Builds the extension for a browser; resolves to how many milliseconds that took, rejects with what the build printed. */
export async function buildExtension(browser: 'chromium' | 'firefox'): Promise<number> {
  const mode = browser === 'firefox' ? 'firefox' : 'production';
  const args = ['build', '--mode', mode, '--logLevel', 'warn'];
  // Vite takes NODE_ENV from the environment when it is set there.
  const env = { NODE_ENV: 'production' };
  const { isOk, output, durationMs } = await runStep({ name: 'build', command: 'vite', args, env });
  if (!isOk) throw new Error(`the build for ${browser} failed:\n${output}`);
  return durationMs;
}
