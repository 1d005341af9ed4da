/* Until content scripts are shut out of the storage areas, a worker that starts stores nothing and answers nobody. */
import { expect, test } from 'vitest';
import { compose, type Background } from '../../../background/compose.ts';
import { testWorld } from '../../support/test-world.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession();

/** Starts a worker that has a copy to repair, and whose storage is closed by `closeStorage`. */
function start(closeStorage: () => Promise<void>) {
  const world = testWorld(standin, harness.world);
  world.local.entries.delete(`session:${session.id}`);
  const changes: string[] = [];
  for (const area of [world.local, world.session]) {
    const { write, remove } = area;
    Object.assign(area, {
      write: (entries: Readonly<Record<string, unknown>>) => {
        changes.push(...Object.keys(entries));
        return write(entries);
      },
      remove: (names: readonly string[]) => {
        changes.push(...names);
        return remove(names);
      },
    });
  }
  Object.assign(world, { closeStorage });
  let composed: Background | undefined;
  const starting = compose(world).then((background) => (composed = background));
  return { changes, starting, isStarted: () => composed !== undefined };
}
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('nothing is stored before the storage is closed', async () => {
  const closed = Promise.withResolvers<undefined>();
  const { changes, starting, isStarted } = start(() => closed.promise.then(() => undefined));
  await turns();
  expect([changes, isStarted()]).toEqual([[], false]);
  closed.resolve(undefined);
  await starting;
  expect(changes).toContain(`session:${session.id}`);
});

test('a worker whose storage cannot be closed does not start, and the next one tries again', async () => {
  const { changes, starting } = start(() => Promise.reject(new Error('no access level')));
  await expect(starting).rejects.toThrow('no access level');
  await turns();
  expect(changes).toEqual([]);
  const next = start(() => Promise.resolve());
  await next.starting;
  expect(next.changes).toContain(`session:${session.id}`);
});
