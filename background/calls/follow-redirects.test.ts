import { expect, test, vi } from 'vitest';
import { BrokerError } from '../../extension/core/values/fault.ts';
import { rejection } from '../../test/support/faults.ts';
import type { CallInFlight } from './calls-in-flight.ts';
import { refuseHiddenRedirect } from './follow-redirects.ts';

test('a call that is not permitted any more is not asked for a redirect', async () => {
  const fetch = vi.fn();
  const inFlight = {
    requirePermitted: () => {
      throw new BrokerError('not_allowed');
    },
  };
  const work = refuseHiddenRedirect(
    {} as never,
    { authorization: 'Bearer token', ownHeaders: {}, followsRedirects: true },
    inFlight as unknown as CallInFlight,
    { fetch, after: () => () => undefined },
  );
  expect((await rejection(work)).code).toBe('not_allowed');
  expect(fetch).not.toHaveBeenCalled();
});
