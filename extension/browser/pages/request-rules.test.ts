import { expect, test, vi } from 'vitest';

const updateSessionRules = vi.fn((_rules: unknown) => Promise.resolve());
vi.mock('../api/browser.ts', () => ({
  browser: {
    runtime: { getURL: () => 'chrome-extension://threelo/' },
    declarativeNetRequest: { updateSessionRules },
  },
}));
const { installRequestRules } = await import('./request-rules.ts');

test("headers are changed only in the extension's own requests to the named hosts", async () => {
  await installRequestRules('Threelo', ['api.example']);
  expect(updateSessionRules).toHaveBeenCalledExactlyOnceWith({
    removeRuleIds: [1],
    addRules: [
      expect.objectContaining({
        condition: {
          requestDomains: ['api.example'],
          initiatorDomains: ['threelo'],
          resourceTypes: ['xmlhttprequest'],
        },
      }),
    ],
  });
});

test('without a host no rule is installed', async () => {
  updateSessionRules.mockClear();
  await installRequestRules('Threelo', []);
  expect(updateSessionRules).not.toHaveBeenCalled();
});
