import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PageUnderTest } from '../e2e/browser/browser-under-test.ts';
import { findOnPath } from '../e2e/machine/find-binary.ts';
import { settledInPage } from '../e2e/views/settled.ts';
import type { Stage } from '../e2e/views/stage.ts';
import { views } from '../e2e/views/views.ts';

const root = path.resolve(import.meta.dirname, '../..');
const target = path.join(root, 'docs/store');
interface Size {
  readonly width: number;
  readonly height: number;
}

/** What all three stores take. */
const screenshotSize = { width: 1280, height: 800 } as const;
const tileSize = { width: 440, height: 280 } as const;
/** What Edge takes. */
const logoSize = { width: 300, height: 300 } as const;
const sceneHost = 'frame.example';

/** Over the dashboard of the demo: what the extension shows there, by the name of its picture. */
const overlays: Readonly<Record<string, string>> = {
  '1-connected': 'popup-usual-light',
  '2-choose-sites': 'popup-change-usual-light',
  '3-a-page-asks': 'question-access-usual-light',
};
/** Views of the options, as they are. */
const pages: Readonly<Record<string, string>> = {
  '4-connection': 'connected-page',
  '5-session': 'session',
};

/** Writes the pictures of `docs/store/`: five screenshots, the small tile and the logo. The pictures of the usual store have been taken. */
export async function writeStorePictures(stage: Stage, folder: string): Promise<void> {
  const { browser, standin } = stage.setting;
  for (const [name, view] of Object.entries(pages)) {
    const page = await views.find((one) => one.name === view)?.open(stage);
    if (page === undefined) throw new Error(`There is no view ${view}.`);
    await page.evaluate(fadeOutInPage);
    await write(page, screenshotSize, name, folder);
  }
  const scenes: [name: string, size: Size, html: string][] = Object.entries(overlays).map(
    ([name, picture]) => [name, screenshotSize, overlayScene(path.join(folder, `${picture}.png`))],
  );
  scenes.push(['tile', tileSize, tileScene()], ['logo', logoSize, logoScene()]);
  for (const [name, size, html] of scenes) {
    // The heading tells `settledInPage` that the page is there.
    standin.pages.set(sceneHost, `/${name}`, {
      headers: { 'content-type': 'text/html;charset=UTF-8' },
      body: `<!doctype html><html lang="en"><title>${name}</title><body><h1 style="font-size:0">${name}</h1>${html}</body></html>`,
    });
    const page = await browser.openPage(`https://${sceneHost}/${name}`);
    await write(page, size, name, folder);
    await page.close();
  }
}

/** The page goes on below the picture: it ends softly instead of in a line of letters. */
function fadeOutInPage(): void {
  document.documentElement.style.scrollbarWidth = 'none';
  const fade = document.createElement('div');
  fade.style.cssText =
    'position:fixed;inset:auto 0 0;height:4rem;background:linear-gradient(transparent,var(--ground))';
  document.body.append(fade);
}

function imageOf(file: string, style: string): string {
  const data = readFileSync(file).toString('base64');
  return `<img alt="" src="data:image/png;base64,${data}" style="position:absolute;${style}">`;
}

function overlayScene(picture: string): string {
  const shadow = 'box-shadow:0 0 0 1px #0004,0 3px 8px #0006';
  return `<div style="position:fixed;inset:0;background:#f4f5f9">
    ${imageOf(path.join(root, 'docs/images/dashboard.png'), 'left:50px;top:0')}
    <div style="position:absolute;inset:0;background:#1a1f2b40"></div>
    ${imageOf(picture, `right:64px;top:40px;border-radius:8px;${shadow}`)}
  </div>`;
}

function tileScene(): string {
  const icon = imageOf(
    path.join(root, 'extension/public/icons/128.png'),
    'left:156px;top:36px;width:128px',
  );
  return `<div style="position:fixed;inset:0;background:#e3f3ee;color:#0b3d33;text-align:center;font-family:system-ui">
    ${icon}
    <div style="position:absolute;inset:168px 0 auto;font-size:40px;font-weight:700">Threelo</div>
    <div style="position:absolute;inset:222px 0 auto;font-size:17px">Jira and Confluence for your own pages</div>
  </div>`;
}

/** The mark in the size of the whole picture. */
function logoScene(): string {
  const mark = readFileSync(path.join(root, 'extension/ui/mark.svg'), 'utf8');
  return `<div style="position:fixed;inset:0;background:#fff">${mark}</div>`;
}

/** A screenshot without alpha, as the stores take it, with few colours, so that it is small. */
async function write(page: PageUnderTest, size: Size, name: string, folder: string): Promise<void> {
  const convert = findOnPath(['convert']);
  if (convert === undefined) throw new Error('convert (ImageMagick) is missing');
  await page.bringToFront();
  await page.setViewport(size);
  await page.emulate({ colorScheme: 'light' });
  await page.evaluate(settledInPage);
  const file = path.join(folder, `store-${name}.png`);
  await page.screenshot(file);
  const fewColours = ['-strip', '-alpha', 'off', '-dither', 'None', '-colors', '256'];
  // With few colours, lines repeat: they compress best as they are.
  const compression = ['filter=0', 'level=9', 'strategy=1'].flatMap((one) => [
    '-define',
    `png:compression-${one}`,
  ]);
  execFileSync(convert, [
    file,
    ...fewColours,
    ...compression,
    `PNG24:${path.join(target, `${name}.png`)}`,
  ]);
}
