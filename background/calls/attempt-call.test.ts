import { expect, test, vi } from 'vitest';
import type { CallPlan } from '../../extension/core/call/call-plan.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { secret } from '../../extension/core/values/secret.ts';
import { bearer } from '../../extension/oauth/resources/authorization-header.ts';
import { rejection } from '../../test/support/faults.ts';
import { attemptCall, type Attempt, type AttemptDependencies } from './attempt-call.ts';
import { createCallsInFlight } from './calls-in-flight.ts';

test('a call that is not permitted any more when its authorization is ready is not sent', async () => {
  const caller = { kind: 'page', origin: 'https://a.example' as Origin, tabId: 1 } as const;
  const inFlight = createCallsInFlight({
    after: () => () => undefined,
    withKeepAlive: (work) => work(),
  }).open(
    { ...caller, documentId: 'one' },
    { callId: 'a', input: '/', headers: [], body: null, writtenBytes: 0 },
  );
  const fetch = vi.fn();
  const site = { product: 'jira', url: 'https://jira.example' };
  const path = { pathname: '/rest/api/2/myself', search: '' };
  const target = new URL('https://jira.example/rest/api/2/myself');
  const plan = {
    site,
    method: 'GET',
    path,
    target,
    headers: [],
    isReading: true,
  } as unknown as CallPlan;
  const signer = async () => {
    await Promise.resolve();
    inFlight.checkWith(() => {
      throw new BrokerError('not_allowed');
    });
    return bearer(secret('token'));
  };
  const attempt = { plan, token: { token: secret('token') }, retries: [] };
  const dependencies = { signer, world: { fetch, after: () => () => undefined, nowMs: () => 0 } };
  const work = attemptCall(
    attempt as unknown as Attempt,
    inFlight,
    dependencies as unknown as AttemptDependencies,
  );
  expect((await rejection(work)).code).toBe('not_allowed');
  expect(fetch).not.toHaveBeenCalled();
});
