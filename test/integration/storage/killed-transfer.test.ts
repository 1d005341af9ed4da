/* An import of everything, killed anywhere. */
import { expect, test } from 'vitest';
import { chanceOf } from '../../support/chance.ts';
import { dashboard, startHarness, type Harness } from '../../support/harness.ts';
import { startKillable } from '../../support/kill/killable-background.ts';
import { moments } from '../../support/kill/killable-world.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { harness, standin, useSession } from '../use-session.ts';

const withQuickCrypto = (world: object): void => {
  Object.assign(world, { crypto: quickCrypto() });
};
useSession({ prepare: withQuickCrypto });

const passphrase = 'correct horse battery';
const preview = (file: ArrayBuffer, { ui }: Harness) =>
  ui('transfer.preview', { file, passphrase });

test('a worker that is killed anywhere in an import leaves all of it or nothing, and it can be repeated', async () => {
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  const { bytes: file } = await harness.ui('transfer.export', { passphrase });
  const target = await startHarness(standin, undefined, false, withQuickCrypto);
  const { world } = target;
  world.hosts.add(`${dashboard}/*`);
  const { digest, rows } = await preview(file, target);
  const taken = rows.map(({ id }) => id);
  const areas = [world.local, world.mirror].map(({ entries }) => entries);
  const before = areas.map((entries) => [...entries]);
  const restoreKeys = world.keyStore.snapshot();
  const found = { nothing: 0, all: 0 };
  let isOver = true;
  for (let at = 0; isOver; at += 1) {
    const call = Math.floor(at / moments.length) + 1;
    const moment = moments[at % moments.length] ?? 'before';
    areas.forEach((entries, area) => {
      entries.clear();
      for (const [key, value] of before[area] ?? []) entries.set(key, value);
    });
    restoreKeys();
    const killed = startKillable(world, chanceOf(`transfer ${at}`));
    await killed.started;
    killed.life.arm({ call, moment });
    const done = killed.ui('transfer.import', { file, passphrase, digest, taken });
    done.catch(() => undefined);
    await Promise.race([done.catch(() => undefined), killed.life.over]);
    await killed.life.quiet();
    isOver = killed.life.isOver();
    killed.life.end();
    const next = await startHarness(standin, world, false, withQuickCrypto);
    const { clients, storageFaults } = await next.ui('overview.get', {});
    const { values } = await next.ui('settings.get', {});
    const counts = [clients.length, values.clockSkewSeconds, next.background.grants.list().length];
    const isDone = clients.length === 1;
    expect([call, moment, ...counts, storageFaults]).toEqual([
      call,
      moment,
      ...(isDone ? [1, 90, 1] : [0, 60, 0]),
      [],
    ]);
    found[isDone ? 'all' : 'nothing'] += 1;
    const again = await preview(file, next);
    const left = again.rows.filter(({ state }) => state === 'new').map(({ id }) => id);
    await next.ui('transfer.import', { file, passphrase, digest: again.digest, taken: left });
    expect((await preview(file, next)).rows.every(({ state }) => state === 'same')).toBe(true);
  }
  expect(found.nothing).toBeGreaterThan(2);
  expect(found.all).toBeGreaterThan(2);
});
