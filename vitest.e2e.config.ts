import { defineConfig } from 'vitest/config';

/**
 * Files run one after the other: one window at a time has the focus of a display. A flake is a bug: no test is run again
 * inside of a run. Only `npm test` runs a failed file once more, alone, after all others have ended (`test/tools/rerun.ts`). If
 * it then passes, the run passes and prints `FLAKY: file, test, first message`; a second flaky file in the same browser
 * fails the run. What runs in process (all projects of `vitest.config.ts`) is never run again.
 */
export default defineConfig({
  test: {
    name: process.env['THREELO_BROWSER'] ?? 'chromium',
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    // One second, which is the default, is too short on a busy machine.
    expect: { poll: { timeout: 20_000 } },
  },
});
