/** `npm run pictures`: a picture of every view in every state, in a real browser. How to use it: CONTRIBUTING.md. */
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { BROWSER_NAMES, type BrowserName } from '../e2e/browser/browser-under-test.ts';
import { ensureBrowsers, missingFonts } from '../e2e/machine/requirements.ts';
import { builtPackage, openSetting } from '../e2e/steps/steps.ts';
import { fillStoreAs } from '../e2e/views/fill-stores.ts';
import { openStage } from '../e2e/views/stage.ts';
import { storeNames, views, type StoreName } from '../e2e/views/views.ts';
import { copyPackage, putLanguage, shownLanguages } from '../locales/shown-texts.ts';
import { buildExtension } from '../tools/build.ts';
import { namedOrAll, refuseUnknown } from '../tools/named-arguments.ts';
import { writeContactSheet } from './contact-sheet.ts';
import { writeStorePictures } from './store-pictures.ts';
import { takePictures, type Taken } from './take-pictures.ts';
import { writeTour } from './tour.ts';

const folder = path.resolve(import.meta.dirname, '../../test-results/pictures');

/** The arguments after `npm run pictures --`: a browser, the stores and views that are wanted (all when none is named), a language, `tour` and `store`. */
interface PicturesArguments {
  readonly browser: BrowserName;
  readonly stores: readonly StoreName[];
  readonly wanted: readonly string[];
  /** English when none is named. */
  readonly language: string;
  /** Whether the pictures of the documentation are written too. */
  readonly isTour: boolean;
  /** Whether the pictures for the stores are written too. */
  readonly areForStores: boolean;
}

function readArguments(args: readonly string[]): PicturesArguments {
  const viewNames = views.map(({ name }) => name);
  refuseUnknown(
    args,
    [...BROWSER_NAMES, ...storeNames, ...viewNames, ...shownLanguages, 'tour', 'store'],
    {
      script: 'pictures',
      kinds: 'Neither a browser nor a store nor a view nor a language',
    },
  );
  return {
    browser: BROWSER_NAMES.find((name) => args.includes(name)) ?? 'chromium',
    stores: namedOrAll(storeNames, args),
    wanted: namedOrAll(viewNames, args),
    language: shownLanguages.find((name) => args.includes(name)) ?? 'en',
    isTour: args.includes('tour'),
    areForStores: args.includes('store'),
  };
}

/** The pictures of one store, in a browser of its own. */
async function ofStore(
  store: StoreName,
  { wanted, language, areForStores }: PicturesArguments,
): Promise<Taken[]> {
  const packageDir = copyPackage(builtPackage());
  putLanguage(packageDir, language);
  const setting = await openSetting({ buildDir: packageDir, firstRun: 'close' });
  try {
    const stage = await openStage(setting, language);
    await fillStoreAs(store, stage);
    const shown = views.filter(
      ({ name, stores }) => wanted.includes(name) && stores.includes(store),
    );
    const taken = await takePictures(stage, { store, views: shown, folder, language });
    if (areForStores && store === 'usual') await writeStorePictures(stage, folder);
    return taken;
  } catch (error) {
    await setting.browser.screenshot(path.join(folder, `failed-${store}.png`));
    return [{ name: `the store ${store}`, problem: String(error) }];
  } finally {
    await setting.close();
    rmSync(packageDir, { recursive: true });
  }
}

const given = readArguments(process.argv.slice(2));
ensureBrowsers();
const fonts = missingFonts();
if (fonts !== undefined) throw new Error(fonts);
process.env['THREELO_BROWSER'] = given.browser;
await buildExtension(given.browser);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const taken: Taken[] = [];
for (const store of given.stores) {
  const pictures = await ofStore(store, given);
  taken.push(...pictures);
  console.log(`${store}: ${String(pictures.length)} pictures`);
}
await writeContactSheet(folder, taken);
if (given.isTour) writeTour(folder);
const failed = taken.filter(({ problem }) => problem !== undefined);
for (const { name, problem } of failed) console.log(`✗ ${name}: ${problem ?? ''}`);
console.log(
  `${String(taken.length - failed.length)} pictures, ${String(failed.length)} failed: ${path.relative('', folder)}/index.html`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
