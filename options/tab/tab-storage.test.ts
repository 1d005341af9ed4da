import { expect, test, vi } from 'vitest';
import { createTabStorage, type TabStorage } from './tab-storage.ts';

function anArea() {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => void texts.set(name, text),
    removeItem: (name: string) => void texts.delete(name),
    clear: () => {
      texts.clear();
    },
  };
}

/** Tabs of one browser. A reload is counted; `load` does it. */
function tabs() {
  const shared = anArea();
  let ids = 0;
  return (tab = anArea()) => {
    const made = {
      tab,
      reloads: 0,
      load: (): TabStorage => made.storage,
      storage: {} as TabStorage,
    };
    made.load = () =>
      (made.storage = createTabStorage({
        tab: () => tab,
        shared: () => shared,
        newId: () => String(++ids),
        reload: () => void (made.reloads += 1),
      }));
    made.load();
    return made;
  };
}
const typed = ({ tab: { texts } }: { readonly tab: ReturnType<typeof anArea> }) =>
  texts.get('form');

test('what is typed is kept over a reload', () => {
  const one = tabs()();
  one.storage.write('form', 'typed');
  expect([one.load().read('form'), one.storage.wasErasedHere()]).toEqual(['typed', false]);
});

test('after everything was erased no tab keeps what was typed, and each is loaded again', () => {
  const open = tabs();
  const [one, other] = [open(), open()];
  for (const { storage } of [one, other]) storage.write('form', 'typed');
  one.storage.forgetAll();
  other.storage.follow();
  // Their forms are still there, and change.
  for (const { storage } of [one, other]) storage.write('form', 'typed');
  expect([typed(one), typed(other)]).toEqual([undefined, undefined]);
  expect([one.reloads, other.reloads, other.storage.isForgotten()]).toEqual([1, 1, true]);
  expect([one.load().wasErasedHere(), other.load().wasErasedHere()]).toEqual([true, false]);
  expect(one.load().wasErasedHere()).toBe(false);
  one.storage.write('form', 'new');
  for (const { storage } of [one, other]) storage.follow();
  expect([one.load().read('form'), one.reloads, other.reloads]).toEqual(['new', 1, 1]);
});

test('a tab that the browser had discarded forgets when it is loaded, a new one keeps', () => {
  const open = tabs();
  const [one, discarded] = [open(), open()];
  discarded.storage.write('form', 'typed');
  one.storage.forgetAll();
  expect([discarded.load().read('form'), discarded.reloads]).toEqual([undefined, 0]);
  const later = open();
  later.storage.write('form', 'new');
  later.storage.follow();
  expect([later.load().read('form'), later.reloads]).toEqual(['new', 0]);
});

test('without a storage nothing is kept, and the page is loaded again all the same', () => {
  const none = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  const reload = vi.fn();
  const storage = createTabStorage({ tab: none, shared: none, newId: () => '1', reload });
  storage.follow();
  expect([storage.wasErasedHere(), reload.mock.calls.length]).toEqual([false, 0]);
  storage.forgetAll();
  expect([storage.isForgotten(), reload.mock.calls.length]).toEqual([true, 1]);
});
