import { expect, test } from 'vitest';
import type { PageDriver } from '../browser/page-driver.ts';
import { reacher } from './reach.ts';

/** Reaches a control in a page that tells these states in turn; resolves to the keys that were pressed. */
function keysFor(states: readonly { next: string; isOnBody?: boolean }[]) {
  const left = [...states];
  const keys: string[] = [];
  const driver: Pick<PageDriver, 'evaluate' | 'press'> = {
    evaluate: () =>
      Promise.resolve(
        JSON.stringify({ at: '<a>', isOnBody: false, document: 'one', ...left.shift() }),
      ),
    press: (key, modifiers) => {
      keys.push([...modifiers, key].join('+'));
      return Promise.resolve();
    },
  };
  const { reach } = reacher(driver as PageDriver);
  return { keys, reach: () => reach(() => Promise.resolve(), 'button "Save"') };
}

test('goes by the keys that bring the focus nearer', async () => {
  const { keys, reach } = keysFor([
    { next: 'Tab', isOnBody: true },
    { next: 'Shift+Tab' },
    { next: 'ArrowDown' },
    { next: 'there' },
  ]);
  await reach();
  expect(keys).toEqual(['Tab', 'Shift+Tab', 'ArrowDown']);
});

test('a focus that fell to the body is a failure', async () => {
  const { reach } = keysFor([{ next: 'there' }, { next: 'Tab', isOnBody: true }]);
  await reach();
  await expect(reach()).rejects.toThrow('the focus fell to the body before button "Save"');
});

test('a control that Tab passes by is a failure', async () => {
  const turns = Array.from({ length: 6 }, (_, at) => ({
    next: at % 2 === 0 ? 'Tab' : 'Shift+Tab',
  }));
  await expect(keysFor(turns).reach()).rejects.toThrow('is never reached by Tab');
});
