import { spawn } from 'node:child_process';
import { withDeadline } from './deadline.ts';

/** A click where the pointer is. xdotool's own `click` waits for a tenth of a second afterwards. */
export const mouseClick = ['mousedown', '1', 'mouseup', '1'] as const;

/** Runs xdotool on a display and returns what it printed; `awaited` goes into the error when it does not finish in time. */
export async function xdotool(
  displayName: string,
  args: readonly string[],
  awaited = `xdotool ${args.join(' ')}`,
): Promise<string> {
  const child = spawn('xdotool', args, {
    env: { ...process.env, DISPLAY: displayName },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  try {
    const code = await withDeadline(closed, awaited);
    if (code !== 0)
      throw new Error(
        `xdotool ${args.join(' ')} failed: ${complaint.trim() || `exit code ${String(code)}`}`,
      );
    return output.trim();
  } finally {
    child.kill('SIGKILL');
  }
}
