import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { withDeadline } from './deadline.ts';
import { startOwned } from './owned-process.ts';

/** An X display with a window manager, for one browser alone: keys that xdotool sends go to whatever has the focus. */
export interface Display {
  /** Value for the DISPLAY variable, such as `:101`. */
  readonly name: string;
  close(): Promise<void>;
}

const SCREEN = '1400x1000x24';

/*
 * The shell holds Xvfb and reads a pipe that only this process can close. When this process ends, even by SIGKILL,
 * the read ends, Xvfb is killed, and with it goes every browser that draws on it.
 */
const XVFB_GUARD =
  'Xvfb -displayfd 3 -screen 0 "$1" -nolisten tcp -noreset >/dev/null 2>&1 </dev/null & server=$!; exec 3>&-; read -r line; kill -9 $server';

/** Uses the display that the person named, or starts an own Xvfb with openbox on a free one. */
export async function openDisplay(headedDisplay?: string): Promise<Display> {
  if (headedDisplay !== undefined) return { name: headedDisplay, close: async () => {} };
  const server = startOwned('sh', ['-c', XVFB_GUARD, 'xvfb-guard', SCREEN], {
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  const number = await withDeadline(
    firstLine(server.child.stdio[3] as Readable),
    'Xvfb to name its display',
  );
  const name = `:${number}`;
  const manager = startOwned('openbox', ['--sm-disable', '--startup', 'echo started'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, DISPLAY: name },
  });
  await withDeadline(firstLine(manager.child.stdout as Readable), 'openbox to manage the display');
  return {
    name,
    async close() {
      await manager.end('SIGKILL');
      await server.end('SIGKILL');
    },
  };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  while (!text.includes('\n')) {
    const [chunk] = (await Promise.race([
      once(stream, 'data'),
      once(stream, 'close').then(() => [undefined]),
    ])) as [Buffer | undefined];
    if (chunk === undefined) throw new Error('the process ended without a line of output');
    text += chunk.toString('utf8');
  }
  return text.slice(0, text.indexOf('\n')).trim();
}

/** Writes what the display shows as PNG. */
export async function screenshotDisplay(display: Display, file: string): Promise<void> {
  const shot = startOwned('import', ['-display', display.name, '-window', 'root', file], {
    stdio: 'ignore',
  });
  await withDeadline(shot.ended, 'a screenshot of the display');
}
