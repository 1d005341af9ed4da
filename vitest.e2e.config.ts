import { defineConfig } from 'vitest/config';

/** One browser at a time has the focus of its display, so files follow each other. A flake is a bug: no retry. */
export default defineConfig({
  test: {
    name: process.env['THREELO_BROWSER'] ?? 'chromium',
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
  },
});
