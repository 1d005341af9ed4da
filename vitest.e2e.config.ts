import { configDefaults, defineConfig } from 'vitest/config';

/** Takes longer than the rest together may: `npm run test:long` runs it. */
const long = ['test/e2e/systems.e2e.ts'];

/** One browser at a time has the focus of its display, so files follow each other. A flake is a bug: no retry. */
export default defineConfig({
  test: {
    name: process.env['THREELO_BROWSER'] ?? 'chromium',
    include: ['test/e2e/**/*.e2e.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['THREELO_LONG'] === '1' ? [] : long)],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
  },
});
