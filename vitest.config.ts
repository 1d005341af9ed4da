import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const alias = { '#target': resolve(import.meta.dirname, 'extension/browser/chrome') };

const project = (name: string, include: string[]) => ({
  resolve: { alias },
  // A deadline is against hanging, not for speed: the machine may be busy.
  test: { name, include, testTimeout: 60_000 },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', [
        '{extension,background,popup,options,test/e2e,test/tools}/**/*.test.{ts,tsx}',
      ]),
      project('standin', ['test/standin/**/*.test.ts']),
      project('integration', ['test/integration/**/*.test.ts']),
      {
        ...project('architecture', ['test/architecture/**/*.test.ts']),
        test: {
          name: 'architecture',
          testTimeout: 60_000,
          include: ['test/architecture/**/*.test.ts'],
          globalSetup: 'test/architecture/build-packages.ts',
        },
      },
    ],
  },
});
