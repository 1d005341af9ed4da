import { expect, test, vi } from 'vitest';
import type { SessionId } from '../session/session.ts';
import type { CloudId } from '../session/site.ts';
import { callAddress, chosenSite } from './call-address.ts';
import type { ReachableSite } from './reachable-site.ts';

test('a call that names an account with many sites reads the address of none of them again', () => {
  const sessionId = 'account' as SessionId;
  const sites = Array.from({ length: 500 }, (_, at): ReachableSite => {
    const name = `site-${String(at)}`;
    const url = `https://${name}.atlassian.net`;
    const gateway = 'https://api.atlassian.com';
    return { sessionId, cloudId: name as CloudId, product: 'jira', url, name, gateway };
  });
  const chosen = {
    'jira@account': { cloudId: sites[3]!.cloudId, product: 'jira', sessionId },
  } as const;
  const call = (): ReachableSite | undefined =>
    chosenSite(callAddress({ input: '/rest/', account: sessionId }, sites), chosen);
  expect(call()).toBe(sites[3]);
  const made = vi.spyOn(globalThis, 'URL');
  expect(call()).toBe(sites[3]);
  expect(made).toHaveBeenCalledTimes(0);
  made.mockRestore();
});
