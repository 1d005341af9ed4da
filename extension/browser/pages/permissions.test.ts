import { expect, test, vi } from 'vitest';

let granted: readonly string[] = [];
let ofAdministrator = new Set<string>();
const calls: number[] = [];
vi.mock('#target/ask-for-hosts.ts', () => ({ askForHosts: () => undefined }));
vi.mock('../api/browser.ts', () => ({
  browser: {
    runtime: { getManifest: () => ({ host_permissions: ['https://api.example/*'] }) },
    permissions: {
      getAll: () => Promise.resolve({ origins: ['https://api.example/*', ...granted] }),
      remove: ({ origins }: { origins: string[] }) => {
        calls.push(origins.length);
        if (origins.some((one) => ofAdministrator.has(one)))
          return Promise.reject(new Error('You cannot remove required permissions.'));
        granted = granted.filter((one) => !origins.includes(one));
        return Promise.resolve(true);
      },
    },
  },
}));
const { releaseHostPatterns } = await import('./permissions.ts');

const patterns = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `https://host-${String(at)}.example/*`);

test('host permissions are given up in calls of 250, which leave the browser time in between', async () => {
  granted = patterns(600);
  calls.length = 0;
  await releaseHostPatterns();
  expect(granted).toEqual([]);
  expect(calls).toEqual([250, 250, 100]);
});

test('all but those that an administrator granted', async () => {
  granted = patterns(600);
  ofAdministrator = new Set([granted[0], granted[300], granted[599]].map(String));
  calls.length = 0;
  await releaseHostPatterns();
  expect(granted).toEqual([...ofAdministrator]);
  expect(calls.length).toBeLessThan(60);
});
