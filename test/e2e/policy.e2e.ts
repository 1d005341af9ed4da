import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { readShippedManifest } from './browser/shipped-manifest.ts';
import { findChromium, findFirefox } from './machine/find-binary.ts';
import {
  openPolicyNamespace,
  whyNoNamespace,
  type PolicyNamespace,
} from './machine/policy-namespace.ts';
import {
  browserName,
  builtPackage,
  callbackUrlIn,
  callThreelo,
  dashboard,
  openSetting,
  team,
  type Setting,
} from './steps/steps.ts';

const isChromium = browserName() === 'chromium';
const reason = whyNoNamespace();
if (reason !== undefined) console.warn(`SKIPPED: policy.e2e.ts: ${reason}`);

const policy = {
  clients: [{ id: 'team', type: 'atlassian-cloud', ...team }],
  connectedPages: [{ origin: 'https://dashboard.example', sites: ['https://acme.atlassian.net'] }],
  settings: { otherExtensions: false },
  updateText: 'Ask the help desk.',
};

/** The file that the browser reads. */
function fileWith(ours: unknown): unknown {
  const manifest = JSON.parse(readFileSync(path.join(builtPackage(), 'manifest.json'), 'utf8')) as {
    readonly key?: string;
  };
  const { geckoId = '' } = readShippedManifest(builtPackage());
  return isChromium
    ? { '3rdparty': { extensions: { [chromiumId(manifest.key ?? '')]: ours } } }
    : { policies: { '3rdparty': { Extensions: { [geckoId]: ours } } } };
}

/** The id that follows from the key in the manifest. */
function chromiumId(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex');
  return [...digest.slice(0, 32)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
    .join('');
}

describe.skipIf(reason !== undefined)('with a policy file', () => {
  let namespace: PolicyNamespace;
  let setting: Setting;
  let page: PageUnderTest;
  const variable = isChromium ? 'THREELO_CHROMIUM' : 'THREELO_FIREFOX';
  const before = process.env[variable];
  beforeAll(async () => {
    const binary = isChromium ? findChromium() : findFirefox();
    namespace = openPolicyNamespace();
    process.env[variable] = namespace.wrapper(binary ?? '');
    namespace.write(fileWith(policy));
    setting = await openSetting({ firstRun: 'leave' });
  });
  afterAll(async () => {
    await setting.close();
    namespace.remove();
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
  });

  const myself = '/rest/api/3/myself';

  test('from an empty profile, a page makes its first call after four clicks', async () => {
    const options = await setting.browser.openExtensionPage('options/index.html#/clients');
    await options.waitForText('Managed by your organization');
    await options.click('Show');
    setting.standin.apps.add({ ...team, callbackUrls: [await callbackUrlIn(options)] });
    await options.close();
    page = await setting.browser.openPage(dashboard);
    let clicks = 0;
    const popup = await setting.browser.openPopup();
    clicks += 1;
    await popup.click('Sign in');
    clicks += 1;
    await setting.browser.answerPermissionPrompt('allow');
    clicks += 1;
    const auth = await setting.browser.waitForAuthWindow();
    // Who is signed in at Atlassian does not do this.
    await auth.click({ name: /Log in as Ada/u });
    await auth.waitForText('Accept');
    await auth.click('Accept');
    clicks += 1;
    await auth.waitForClosed();
    await page.bringToFront();
    await expect
      .poll(async () => (await callThreelo(page, myself)).status, { timeout: 15_000 })
      .toBe(200);
    console.info(`${browserName()}: ${String(clicks)} clicks from an empty profile to a call`);
    expect(clicks).toBeLessThanOrEqual(4);
  });

  test('a session of its client survives three starts of the browser', async () => {
    for (let start = 0; start < 3; start += 1) {
      await setting.browser.restart('quit');
      page = await setting.browser.openPage(dashboard);
      expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
    }
  });

  test('a changed file is applied, and About says what of it is not valid', async () => {
    namespace.write(fileWith({ ...policy, updateText: 'Ask Ada.', pointsPerHour: 0 }));
    const startedMs = performance.now();
    if (!isChromium) await setting.browser.restart('quit');
    const options = await setting.browser.openExtensionPage('options/index.html#/about');
    await options.waitForText('Ask Ada.');
    console.info(`${browserName()}: applied after ${String(performance.now() - startedMs)} ms`);
    await options.waitForText('/pointsPerHour');
    await options.close();
  });
});
