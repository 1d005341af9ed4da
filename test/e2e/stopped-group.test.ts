import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { startOwned } from './owned-process.ts';
import { whileStopped } from './stopped-group.ts';

/** A shell and a child of it that append to one file as fast as they can. */
const busy =
  'echo x > "$0"; write() { while :; do echo x >> "$0"; done; }; write & echo started; write';

const pause = (durationMs: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);

test('nothing of the group writes while it is looked at, and it goes on afterwards', async () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'threelo-stopped-'));
  const file = path.join(scratch, 'written');
  const { child, end } = startOwned('sh', ['-c', busy, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout as Readable, 'data');
    const sizes = await whileStopped(child.pid as number, () => {
      const before = statSync(file).size;
      pause(50);
      return { before, after: statSync(file).size };
    });
    expect(sizes.after).toBe(sizes.before);
    await expect.poll(() => statSync(file).size).toBeGreaterThan(sizes.after);
  } finally {
    await end('SIGKILL');
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('it goes on when looking failed', async () => {
  const { child, end, ended } = startOwned('cat', [], { stdio: ['pipe', 'ignore', 'inherit'] });
  const look = (): never => {
    throw new Error('nothing to see');
  };
  await expect(whileStopped(child.pid as number, look)).rejects.toThrow('nothing to see');
  child.stdin?.end();
  await ended;
  await end('SIGKILL');
});
