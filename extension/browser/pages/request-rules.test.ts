import { expect, test, vi } from 'vitest';

const updateSessionRules = vi.fn((_rules: unknown) => Promise.resolve());
vi.mock('../api/browser.ts', () => ({
  browser: {
    runtime: { getURL: () => 'chrome-extension://threelo/' },
    declarativeNetRequest: { updateSessionRules },
  },
}));
const { installRequestRules } = await import('./request-rules.ts');

const changes = { userAgent: 'Threelo', cacheControl: 'no-store, threelo' };

test("headers are changed only in the extension's own requests to the named hosts", async () => {
  await installRequestRules(['api.example'], changes);
  const own = { initiatorDomains: ['threelo'], resourceTypes: ['xmlhttprequest'] };
  expect(updateSessionRules).toHaveBeenCalledExactlyOnceWith({
    removeRuleIds: [1, 2],
    addRules: [
      expect.objectContaining({ condition: { ...own, requestDomains: ['api.example'] } }),
      expect.objectContaining({ condition: own }),
    ],
  });
});

test('without a host no rule is installed', async () => {
  updateSessionRules.mockClear();
  await installRequestRules([], changes);
  expect(updateSessionRules).not.toHaveBeenCalled();
});
