import { resolve } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const alias = { '#target': resolve(import.meta.dirname, 'extension/browser/chrome') };

function project(
  name: string,
  include: string[],
  test: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return {
    resolve: { alias },
    // A deadline is against hanging, not for speed: the machine may be busy.
    test: { name, include, testTimeout: 60_000, ...test },
  };
}

/**
 * The files of these projects share a worker and its modules, which is two to three times as fast. That needs files that leave nothing
 * behind: no mocked module, no DOM, no state in a module; fake timers and spies end with their test. With more room for what is young, V8
 * collects a tenth less.
 */
const shared = { isolate: false, execArgv: ['--max-semi-space-size=64'] };

export default defineConfig({
  test: {
    // Otherwise one core is left idle, which on a machine with two is half of it.
    maxWorkers: '100%',
    projects: [
      project(
        'unit',
        [
          'background/*/**/*.test.ts',
          'extension/{core,oauth,page-client,storage,wire}/**/*.test.ts',
          'test/{e2e,packages,tools}/**/*.test.ts',
        ],
        shared,
      ),
      // Mocked modules and a DOM for each file: isolated, in a thread, which starts faster than a process.
      project(
        'ui',
        [
          '{popup,options,extension/{browser,content,ui}}/**/*.test.{ts,tsx}',
          'background/*.test.ts',
        ],
        { pool: 'threads' },
      ),
      project('standin', ['test/standin/**/*.test.ts'], shared),
      project('integration', ['test/integration/**/*.test.ts'], shared),
      project('architecture', ['test/architecture/**/*.test.ts'], {
        ...shared,
        globalSetup: 'test/architecture/build-packages.ts',
      }),
    ],
  },
});
