/* An import whose write takes effect after its time limit. */
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { storageTimeoutMs } from '../../../background/storage/timed-area.ts';
import { rejection } from '../../support/faults.ts';
import { startHarness, type Harness } from '../../support/harness.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { until } from '../../support/until.ts';
import { harness, standin, useSession } from '../use-session.ts';

const withQuickCrypto = (world: object): void => {
  Object.assign(world, { crypto: quickCrypto() });
};
useSession({ prepare: withQuickCrypto });

const passphrase = 'correct horse battery';
let target: Harness;
beforeEach(async () => {
  target = await startHarness(standin, undefined, false, withQuickCrypto);
});

/** What a profile has of what an import brings. */
async function contents({ ui, background }: Harness) {
  const { clients, denials } = await ui('overview.get', {});
  const { clockSkewSeconds } = (await ui('settings.get', {})).values;
  return [clients.length, background.grants.list().length, clockSkewSeconds, denials.length];
}

/** A question of a page is denied. */
async function deny({ page, ui }: Harness): Promise<void> {
  const asked = rejection(page()('page.request-access', { access: 'write' }));
  await until(async () => (await ui('ask.list', {})).length > 0);
  for (const { id } of await ui('ask.list', {}))
    await ui('ask.decide', { id, decision: { allow: false } });
  await asked;
}

/** The import of everything into the target, whose browser stores it later than it is waited for, or drops it. */
async function lateImport(isStored: boolean): Promise<void> {
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  await deny(harness);
  const { bytes: file } = await harness.ui('transfer.export', { passphrase });
  const { digest, rows } = await target.ui('transfer.preview', { file, passphrase });
  const taken = rows.map(({ id }) => id);
  const { local } = target.world;
  const write = local.write.bind(local);
  const answer = Promise.withResolvers<undefined>();
  const asked: Readonly<Record<string, unknown>>[] = [];
  Object.assign(local, {
    write: (entries: Readonly<Record<string, unknown>>) => {
      asked.push(entries);
      return answer.promise;
    },
  });
  const importing = rejection(target.ui('transfer.import', { file, passphrase, digest, taken }));
  await until(() => asked.length > 0);
  target.world.elapse(storageTimeoutMs);
  expect((await importing).code).toBe('storage_failed');
  Object.assign(local, { write });
  const [entries = {}] = asked;
  if (isStored) await write(entries);
  answer.resolve(undefined);
}

test.each<[string, boolean, number | undefined]>([
  ['takes effect after all', true, undefined],
  ['takes effect after all over an own setting', true, 30],
  ['never takes effect', false, undefined],
])('a write that %s leaves nothing of the import', async (_, isStored, own) => {
  if (own !== undefined) await target.ui('settings.update', { changes: { clockSkewSeconds: own } });
  const before = [...target.world.local.entries];
  const unchanged = [0, 0, own ?? 60, 0];
  await lateImport(isStored);
  await until(() => isDeepStrictEqual([...target.world.local.entries], before));
  expect(await contents(target)).toEqual(unchanged);
  const next = await startHarness(standin, target.world, false, withQuickCrypto);
  expect(await contents(next)).toEqual(unchanged);
  expect((await next.ui('overview.get', {})).storageFaults).toEqual([]);
});
