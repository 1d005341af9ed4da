import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, type Harness } from '../../support/harness.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const evil = 'https://evil.example' as Origin;
const key = `grant:${dashboard}`;
useSession();

const entries = (): Map<string, unknown> => harness.world.local.entries;
const record = (): { revision: number; sealed: object } =>
  structuredClone(entries().get(key)) as never;
/** What an attacker who can write `storage.local` does, seen by the next worker, who has no second copy. */
async function afterTampering(tamper: () => void): Promise<Harness> {
  tamper();
  harness.world.mirror.entries.clear();
  return harness.revive();
}
const refused = async (of: Harness, origin: Origin = dashboard): Promise<void> => {
  expect((await rejection(fetchAll(of.page(origin)))).code).toBe('not_connected');
  expect((await connections(of.ui)).map((grant) => grant.origin)).not.toContain(origin);
};

test('an untouched grant is believed by the next worker', async () => {
  expect((await fetchAll((await harness.revive()).page())).status).toBe(200);
});

test('a forged grant is refused', async () => {
  const forged = {
    origin: evil,
    revision: 1,
    sealed: { k: 1, iv: 'AAAAAAAAAAAAAAAA', ct: 'AAAA' },
  };
  const revived = await afterTampering(() => entries().set(`grant:${evil}`, forged));
  await refused(revived, evil);
  expect((await revived.ui('overview.get', {})).storageFaults).toMatchObject([
    { code: 'storage_damaged', subject: `grant:${evil}` },
  ]);
});

test('a grant moved to another origin is refused', async () => {
  await refused(
    await afterTampering(() => entries().set(`grant:${evil}`, { ...record(), origin: evil })),
    evil,
  );
});

test('grants swapped between two origins are refused both', async () => {
  await connect(harness, session, { origin: evil, sites: sitesAt(session, 'globex') });
  const one = record();
  const other = structuredClone(entries().get(`grant:${evil}`)) as typeof one;
  const tampered = await afterTampering(() => {
    entries()
      .set(key, { ...other, origin: dashboard })
      .set(`grant:${evil}`, { ...one, origin: evil });
  });
  await refused(tampered);
  await refused(tampered, evil);
});

test('a grant rolled back to when it allowed more is refused, under its own and a raised revision', async () => {
  await connect(harness, session, { access: 'write' });
  const generous = record();
  await connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'read' });
  const { revision } = record();
  expect(revision).toBeGreaterThan(generous.revision);
  await refused(await afterTampering(() => entries().set(key, generous)));
  await refused(await afterTampering(() => entries().set(key, { ...generous, revision })));
});

test('a grant that was removed and put back is refused', async () => {
  const removed = record();
  await harness.ui('grant.remove', { origin: dashboard });
  await refused(await afterTampering(() => entries().set(key, removed)));
});

test.each(['the page', 'the person'])(
  '%s ending the connection once more does not make an old grant good again',
  async (who) => {
    await connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'write' });
    const removed = record();
    await harness.ui('grant.remove', { origin: dashboard });
    if (who === 'the page') await harness.page()('page.disconnect', {});
    else await harness.ui('grant.remove', { origin: dashboard });
    await refused(await afterTampering(() => entries().set(key, removed)));
  },
);

test('a grant sealed with a lost key is refused, and can be made again', async () => {
  const { keyStore } = harness.world;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  Object.assign(keyStore, { encryptionKey: () => Promise.resolve(fresh) });
  const revived = await harness.revive();
  await refused(revived);
  await connect(revived, session, { sites: sitesAt(session, 'acme') });
  expect((await fetchAll(revived.page())).status).toBe(200);
  revived.world.session.entries.clear();
  expect((await rejection(fetchAll((await revived.revive()).page()))).code).toBe(
    'consent_required',
  );
});

test('a worker that stops after it stored a narrower grant leaves no earlier one valid', async () => {
  await connect(harness, session, { access: 'write' });
  const wider = record();
  const { keyStore } = harness.world;
  const { raiseRevision } = keyStore;
  keyStore.raiseRevision = () => Promise.reject(new Error('stopped'));
  await rejection(connect(harness, session, { access: 'read' }));
  keyStore.raiseRevision = raiseRevision;
  await harness.revive();
  await refused(await afterTampering(() => entries().set(key, wider)));
});

test('a page that is disconnected while an answer is being stored stays disconnected', async () => {
  const { local } = harness.world;
  const stored = Promise.withResolvers<undefined>();
  const began = Promise.withResolvers<undefined>();
  const write = local.write.bind(local);
  Object.assign(local, {
    write: async (items: Record<string, unknown>) => {
      began.resolve(undefined);
      await stored.promise;
      return write(items);
    },
  });
  const seen: boolean[] = [];
  const { grants } = harness.background;
  Object.assign(harness.world, {
    notifyExtensionPages: () => seen.push(grants.of(dashboard) !== undefined),
  });
  const changing = connect(harness, session, { access: 'write' });
  await began.promise;
  const removing = harness.ui('grant.remove', { origin: dashboard });
  await until(() => grants.of(dashboard) === undefined);
  // From here on. An avatar that was loaded meanwhile is notified too.
  seen.length = 0;
  stored.resolve(undefined);
  await Promise.all([changing, removing]);
  expect(new Set(seen)).toEqual(new Set([false]));
  await refused(harness);
  await refused(await harness.revive());
});

test('a grant waits for the browser to allow the origin, and is made then', async () => {
  const wanted = sitesAt(session, 'acme').map((site) => ({ ...site, sessionId: session.id }));
  await harness.ui('grant.prepare', { origin: evil, sites: wanted, access: 'read' });
  await refused(harness, evil);
  await revive();
  await harness.background.grants.settlePending();
  await refused(harness, evil);
  harness.world.hosts.add(`${evil}/*`);
  await harness.background.grants.settlePending();
  expect((await fetchAll(harness.page(evil))).status).toBe(200);
});

test('a prompt that was answered after ten minutes makes no grant', async () => {
  const wanted = sitesAt(session, 'acme').map((site) => ({ ...site, sessionId: session.id }));
  await harness.ui('grant.prepare', { origin: evil, sites: wanted, access: 'read' });
  standin.clock.advance(600_001);
  harness.world.hosts.add(`${evil}/*`);
  await harness.background.grants.settlePending();
  await refused(harness, evil);
});

test('a session that was signed out while the prompt was open makes no grant', async () => {
  const wanted = sitesAt(session, 'acme').map((site) => ({ ...site, sessionId: session.id }));
  await harness.ui('grant.prepare', { origin: evil, sites: wanted, access: 'read' });
  await harness.ui('session.sign-out', { id: session.id });
  harness.world.hosts.add(`${evil}/*`);
  await harness.background.grants.settlePending();
  await refused(harness, evil);
  expect(await connections(harness.ui)).toEqual([]);
  expect(harness.world.injected).not.toContain(evil);
  expect(harness.world.hosts).not.toContain(`${evil}/*`);
});

test('an origin shares a pattern: the permission stays as long as one of them is connected', async () => {
  await connect(harness, session, { origin: evil, sites: sitesAt(session, 'acme') });
  await harness.ui('grant.remove', { origin: evil });
  expect(harness.world.hosts).not.toContain(`${evil}/*`);
  expect(harness.world.hosts).toContain(`${dashboard}/*`);
});
