import type { PageToReturnTo } from '../../../extension/ui/state/options-routes.ts';
import { tableHeader } from '../../../extension/core/operations/operation-table.ts';
import { createStore, type OptionsPorts, type OptionsStore } from '../../../options/state/store.ts';
import type { FakeWorker } from '../samples/ui-views.ts';

/** What the options page did to the world. */
export interface OptionsWorld {
  readonly store: OptionsStore;
  readonly copied: string[];
  readonly downloads: [string, string | ArrayBuffer][];
  readonly shownPages: PageToReturnTo[];
  /** What is kept for the tab, by name. */
  readonly texts: Map<string, string>;
  /** How often the page was loaded without what was typed. */
  startedAnew: number;
  /** The address's hash. */
  hash: string;
}

/** An options store over a fake worker; the hash leads back to the store, as in a browser. */
export function optionsStore(worker: FakeWorker, part: Partial<OptionsPorts> = {}): OptionsWorld {
  const copied: string[] = [];
  const downloads: [string, string | ArrayBuffer][] = [];
  const shownPages: PageToReturnTo[] = [];
  const texts = new Map<string, string>();
  const world = { copied, downloads, shownPages, texts, startedAnew: 0, hash: '' };
  const store = createStore({
    send: worker.send,
    hostPattern: (origin) => `${origin}/*`,
    requestHostPatterns: () => Promise.resolve(true),
    copyText: (text) => {
      copied.push(text);
      return Promise.resolve();
    },
    download: (fileName, text) => {
      downloads.push([fileName, text]);
    },
    tabTexts: { read: (name) => texts.get(name), write: (name, text) => texts.set(name, text) },
    build: { version: '9.9.9', browser: 'Test/1' },
    startAnew: () => {
      world.startedAnew += 1;
    },
    wasErasedHere: false,
    showPage: (page) => {
      shownPages.push(page);
      return Promise.resolve();
    },
    readOperations: () => Promise.resolve(tableHeader),
    goTo: (hash) => {
      world.hash = hash;
      store.arrive(hash);
    },
    ...part,
  });
  return Object.assign(world, { store });
}
