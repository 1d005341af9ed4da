import { describe, expect, test } from 'vitest';
import { faultOf } from '../../test/support/faults.ts';
import { migrate, migrations, type Migration } from './migrations.ts';
import { schemaVersion } from './schema.ts';

const step =
  (name: string): Migration =>
  (store) => ({ ...store, trail: `${(store['trail'] as string | undefined) ?? ''}${name}` });
const steps = [step('a'), step('b'), step('c')];

test('there is a migration to every version after the first', () => {
  expect(migrations).toHaveLength(schemaVersion - 1);
});

test('an empty store is new: it gets the current version and nothing else', () => {
  expect(migrate({})).toEqual({ schema: { version: schemaVersion } });
  expect(migrate({}, steps)).toEqual({ schema: { version: 4 } });
});

test('a store of the current version is the same object', () => {
  const store = { schema: { version: schemaVersion }, 'client:1': { name: 'x' } };
  expect(migrate(store)).toBe(store);
});

test.each([
  [1, 'abc'],
  [2, 'bc'],
  [3, 'c'],
])('from version %i the steps %s run in order', (version, trail) => {
  expect(migrate({ schema: { version } }, steps)).toEqual({ schema: { version: 4 }, trail });
});

test('the old data is not changed, and entries that no step changes stay the same objects', () => {
  const untouched = Object.freeze({ name: 'x' });
  const before = Object.freeze({ schema: Object.freeze({ version: 1 }), 'client:1': untouched });
  expect(migrate(before, steps)['client:1']).toBe(untouched);
  expect(before).toEqual({ schema: { version: 1 }, 'client:1': { name: 'x' } });
});

test('a step may remove an entry', () => {
  const drop: Migration = ({ old: _old, ...rest }) => rest;
  expect(migrate({ schema: { version: 1 }, old: 1 }, [drop])).toEqual({ schema: { version: 2 } });
});

test('a newer store is rejected before any step runs', () => {
  const forbidden: Migration = () => {
    throw new Error('a step ran');
  };
  expect(faultOf(() => migrate({ schema: { version: 3 } }, [forbidden])).code).toBe(
    'storage_newer',
  );
  expect(faultOf(() => migrate({ schema: { version: schemaVersion + 1 } })).code).toBe(
    'storage_newer',
  );
});

describe('a damaged version is reported', () => {
  test.each([
    [null],
    [1],
    ['1'],
    [{}],
    [{ version: '1' }],
    [{ version: 0 }],
    [{ version: -1 }],
    [{ version: 1.5 }],
  ])('%j', (schema) => {
    expect(faultOf(() => migrate({ schema }))).toMatchObject({
      code: 'storage_damaged',
      subject: 'schema',
    });
  });
});
