import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { systemCases, type SystemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

useBackground({ transport: 'tls' });

const callOf = (path: string) => ({
  callId: crypto.randomUUID(),
  method: 'GET',
  input: path,
  headers: [],
  body: null,
  writtenBytes: 0,
});
const call = async (one: SystemCase, from = harness): Promise<number> =>
  (await from.page()('api.request', callOf(one.path))).status;

async function signIn(one: SystemCase): Promise<SessionView> {
  const flow = await runFlow(harness, await addSystemClient(one));
  expect(flow.fault).toBeUndefined();
  const sessions = await harness.ui('session.list', {});
  return sessions.find(({ id }) => id === flow.sessionId)!;
}

describe.each(systemCases)('$name', (one) => {
  test('signs in, calls, refreshes, survives a new worker and signs out', async () => {
    const session = await signIn(one);
    expect(session).toMatchObject({ status: 'valid', isIdentified: true, missingScopes: [] });
    expect(session.account.accountId).toBeTruthy();
    expect(session.sites.length).toBeGreaterThan(0);
    await connect(harness, session, { sites: session.sites.slice(0, 1) });
    expect(await call(one)).toBe(200);

    harness.world.elapse(3_700_000);
    expect(await call(one)).toBe(200);
    const refreshes = standin.log.filter(
      ({ bodyText, host }) => host === one.tokenHost && bodyText.includes('refresh_token'),
    );
    expect(refreshes).toHaveLength(1);
    for (const name of one.refreshSays ?? []) expect(refreshes[0]?.bodyText).toContain(`${name}=`);

    const revived = await harness.revive();
    expect(await call(one, revived)).toBe(200);
    revived.world.elapse(3_700_000);
    expect(await call(one, revived)).toBe(200);

    await revived.ui('session.sign-out', { id: session.id });
    const { revocation } = one;
    if (revocation !== undefined) {
      const { status } = await standin.log.waitFor(
        ({ path, host, status: told }) =>
          host === one.tokenHost && path.endsWith(revocation) && told !== undefined,
      );
      expect(status).toBe(200);
    }
    expect(standin.auditor.crossings).toEqual([]);
    expect(standin.auditor.secretsInUrls).toEqual([]);
    expect(await revived.ui('session.list', {})).toEqual([]);
  });
});
