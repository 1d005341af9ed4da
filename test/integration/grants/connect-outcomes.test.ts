import { beforeEach, describe, expect, test } from 'vitest';
import { connect, dashboard, runFlow } from '../../support/harness.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

useSession({ sites: () => [] });

const pattern = `${dashboard}/*`;

/** The person chooses the sites of the session; the browser asks, and closes the popup. */
async function choose(sessionId = session.id): Promise<void> {
  const sites = session.sites.map(({ cloudId, product }) => ({ cloudId, product, sessionId }));
  await harness.ui('grant.prepare', { origin: dashboard, sites, access: 'read' });
}
async function allow(): Promise<void> {
  harness.world.hosts.add(pattern);
  await harness.background.grants.settlePending();
}
const opened = async () => (await harness.ui('popup.view', { isOpening: true })).connectOutcome;
const isConnected = async () => (await harness.page()('page.hello', {})).isConnected;
const shown = async () => (await harness.ui('popup.view', {})).connectOutcome;

describe('what came of connecting', () => {
  beforeEach(() => choose());

  test('is said at the next opening of the popup, until the one after that', async () => {
    await allow();
    // What the next popup shows first is stored.
    harness.world.elapse(1000);
    await harness.background.upkeep.run();
    await revive();
    const connected = { origin: dashboard, result: 'connected' };
    expect([await opened(), await shown(), await opened()]).toEqual([
      connected,
      connected,
      undefined,
    ]);
  });

  test('is nothing while the browser asks', async () => {
    expect(await shown()).toBeUndefined();
    await allow();
    expect(await isConnected()).toBe(true);
  });

  test('is a refusal when the popup opens and the browser does not allow it; then a later permission connects nothing', async () => {
    await revive();
    expect(await opened()).toEqual({ origin: dashboard, result: 'refused' });
    await allow();
    expect(await isConnected()).toBe(false);
    expect(await opened()).toBeUndefined();
  });

  test('is a refusal no more when the page was connected after all', async () => {
    await opened();
    await choose();
    expect(await shown()).toBeUndefined();
    await allow();
    expect(await shown()).toEqual({ origin: dashboard, result: 'connected' });
  });

  test('is nothing of an earlier choice, whose prompt was left for another page', async () => {
    const other = 'https://other.example' as Origin;
    const [site] = session.sites;
    const sites = [{ ...site!, sessionId: session.id }].map(({ cloudId, product, sessionId }) => ({
      cloudId,
      product,
      sessionId,
    }));
    await harness.ui('grant.prepare', { origin: other, sites, access: 'read' });
    await allow();
    expect([await isConnected(), await opened()]).toEqual([
      false,
      { origin: other, result: 'refused' },
    ]);
  });

  test('is nothing after a refusal that was said at once, and nothing is connected later', async () => {
    await harness.ui('grant.unprepare', { origin: dashboard });
    expect(await opened()).toBeUndefined();
    await allow();
    expect(await isConnected()).toBe(false);
  });

  test('is said when the session was signed out meanwhile, and the permission is given back', async () => {
    await harness.ui('session.sign-out', { id: session.id });
    await allow();
    expect(await opened()).toEqual({ origin: dashboard, result: 'ended' });
    expect(harness.world.hosts.has(pattern)).toBe(false);
  });

  test('is said when it cannot be stored', async () => {
    harness.world.local.failWrites(9);
    harness.world.mirror.failWrites(9);
    await allow();
    expect(await opened()).toMatchObject({ result: 'failed', fault: { code: 'storage_failed' } });
  });

  describe('of a change of a suspended grant', () => {
    const suspend = async (): Promise<void> => {
      await allow();
      harness.world.hosts.delete(pattern);
      await harness.background.grants.followPermissions();
    };

    test('is said when it cannot be stored, and the grant has effect again as it was', async () => {
      await suspend();
      await choose();
      harness.world.local.failWrites(9);
      harness.world.mirror.failWrites(9);
      await allow();
      expect(await opened()).toMatchObject({ result: 'failed', isChange: true });
      expect([await isConnected(), await opened()]).toEqual([true, undefined]);
    });

    test('is said when the sessions that were chosen have ended', async () => {
      await suspend();
      harness.world.person = async (address) => ({
        redirectedTo: await standin.consent(address.href, { account: 'bo' }),
      });
      const { sessionId } = await runFlow(harness, client);
      await choose(sessionId);
      await harness.ui('session.sign-out', { id: sessionId! });
      await allow();
      expect(await opened()).toEqual({ origin: dashboard, result: 'ended', isChange: true });
      expect(await isConnected()).toBe(true);
    });
  });

  test('is said no more after the page was disconnected, suspended or dismissed', async () => {
    await allow();
    expect(await shown()).toMatchObject({ result: 'connected' });
    await harness.ui('grant.dismiss', {});
    expect(await shown()).toBeUndefined();
    await connect(harness, session);
    expect(await shown()).toMatchObject({ result: 'changed' });
    await harness.ui('grant.remove', { origin: dashboard });
    expect(await shown()).toBeUndefined();
  });
});

describe('what came of a sign-in', () => {
  const flow = async (isOpening: { isOpening?: true } = {}) =>
    (await harness.ui('popup.view', isOpening)).flow;

  test('ends when its account signs out', async () => {
    expect(await flow()).toMatchObject({ state: 'succeeded', sessionId: session.id });
    await harness.ui('session.sign-out', { id: session.id });
    expect(await flow()).toBeUndefined();
  });

  test('ends when its session needs a new sign-in', async () => {
    standin.revokeGrant('ada', 'team-client');
    standin.expireAccessTokens();
    await harness.ui('session.refresh-sites', { id: session.id }).catch(() => undefined);
    expect(await flow()).toBeUndefined();
  });

  test('is a refusal when the popup opens while the hosts of its client are not allowed', async () => {
    harness.world.hosts.delete('https://api.atlassian.com/*');
    await harness.ui('flow.prepare', { clientId: client.id });
    expect(await flow()).toMatchObject({ state: 'succeeded' });
    await revive();
    expect(await flow({ isOpening: true })).toMatchObject({
      state: 'failed',
      clientId: client.id,
      fault: { code: 'permission_missing' },
    });
    harness.world.hosts.add('https://api.atlassian.com/*');
    await harness.background.signIn.startPrepared();
    expect(await flow()).toBeUndefined();
  });

  test('no longer says that sites could not be read when the session has sites', async () => {
    const path = '/oauth/token/accessible-resources';
    standin.faults.add({ kind: 'status', status: 200, body: '[{}]', match: { path }, times: 1 });
    await harness.ui('session.sign-out', { id: session.id });
    const { sessionId, fault } = await runFlow(harness, client);
    expect(fault?.code).toBe('sites_unread');
    await harness.ui('session.refresh-sites', { id: sessionId! });
    const after = await flow();
    expect([after?.state, after?.fault]).toEqual(['succeeded', undefined]);
  });
});
