import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserName, BrowserUnderTest } from '../e2e/browser/browser-under-test.ts';
import { launchBrowser } from '../e2e/steps/open-browser.ts';
import type { Setting } from '../e2e/steps/steps.ts';
import { startStandin, type Standin } from '../standin/standin.ts';

const dashboardHost = 'dashboard.example';
const dashboardFiles = [
  ['/', 'dashboard.html', 'text/html'],
  ['/dashboard.css', 'dashboard.css', 'text/css'],
  ['/dashboard.js', 'dashboard.js', 'text/javascript'],
  ['/dashboard-data.js', 'dashboard-data.js', 'text/javascript'],
] as const;
/** The page may load its own files and connect to nothing: what it shows came through the extension. */
const dashboardPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'";

/** The display of the person who watches; undefined where there is none. */
export function ownDisplay(): string | undefined {
  return process.env['DISPLAY'] === '' ? undefined : process.env['DISPLAY'];
}

/** The stand-in with the dashboard, and a browser on the person's display or on one of its own. */
export async function openDemoSetting(name: BrowserName): Promise<Setting> {
  // Keys reach the browser over X11, which a browser on Wayland does not hear.
  delete process.env['WAYLAND_DISPLAY'];
  const standin = await startStandin();
  await serveDashboard(standin);
  const profileDir = await mkdtemp(path.join(tmpdir(), 'threelo-demo-'));
  const launched = launch(name, standin, profileDir);
  // After the launch, so that the browser is killed before its profile goes, also on Ctrl+C.
  process.once('exit', () => {
    rmSync(profileDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const browser = await launched;
  return {
    standin,
    browser,
    close: async () => {
      await browser.close();
      await standin.close();
    },
  };
}

function launch(
  name: BrowserName,
  standin: Standin,
  profileDir: string,
): Promise<BrowserUnderTest> {
  const display = ownDisplay();
  return launchBrowser(name, {
    buildDir: path.resolve(
      import.meta.dirname,
      '../../dist',
      name === 'chromium' ? 'chrome' : 'firefox',
    ),
    proxyPort: standin.proxyPort,
    spkiSha256Base64: standin.spkiSha256Base64,
    profileDir,
    ...(display === undefined ? {} : { headedDisplay: display }),
  });
}

async function serveDashboard({ pages }: Standin): Promise<void> {
  for (const [address, file, type] of dashboardFiles) {
    pages.set(dashboardHost, address, {
      headers: {
        'content-type': `${type};charset=UTF-8`,
        'content-security-policy': dashboardPolicy,
      },
      body: await readFile(path.join(import.meta.dirname, file)),
    });
  }
}
