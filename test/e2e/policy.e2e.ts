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
  addClient,
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

const sites = ['https://acme.atlassian.net'];
/** How many pages the policy connects besides the one that is called; only `npm run test:long` sets it. */
const pageCount = process.env['THREELO_POLICY_PAGES'];
const morePages = Array.from({ length: Number(pageCount ?? 0) }, (_, at) => ({
  origin: `https://page-${String(at)}.example`,
  sites,
}));
const policy = {
  clients: [{ id: 'team', type: 'atlassian-cloud', ...team }],
  connectedPages: [{ origin: 'https://dashboard.example', sites }, ...morePages],
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

function told(what: string, sinceMs: number): void {
  console.info(`${browserName()}: ${what} after ${(performance.now() - sinceMs).toFixed(0)} ms`);
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
  const openAbout = () => setting.browser.openExtensionPage('options/index.html#/about');

  test('from an empty profile, a page makes its first call after four clicks', async () => {
    const options = await setting.browser.openExtensionPage('options/index.html#/clients');
    await options.waitForText('Managed by your organization');
    await options.click('Show');
    setting.standin.apps.add({ ...team, callbackUrls: [await callbackUrlIn(options)] });
    await options.close();
    page = await setting.browser.openPage(dashboard);
    let clicks = 0;
    const openedMs = performance.now();
    const popup = await setting.browser.openPopup();
    clicks += 1;
    await popup.waitForControl('Sign in');
    told('the popup offered the sign-in', openedMs);
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
    const acceptedMs = performance.now();
    await auth.waitForClosed();
    await page.bringToFront();
    await expect.poll(async () => (await callThreelo(page, myself)).status).toBe(200);
    told('the first call was answered', acceptedMs);
    console.info(`${browserName()}: ${String(clicks)} clicks from an empty profile to a call`);
    expect(clicks).toBeLessThanOrEqual(4);
  });

  test('a session of its client survives three starts of the browser, and a changed policy that arrives in the last', async () => {
    const changed = { ...policy, updateText: 'Ask reception.', pointsPerHour: 0 };
    for (const written of [policy, policy, changed]) {
      namespace.write(fileWith(written));
      await setting.browser.restart('quit');
      page = await setting.browser.openPage(dashboard);
      expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
    }
    const about = await openAbout();
    // Chromium reports the policy only seconds after its start.
    await about.waitForText('Ask reception.');
    await about.waitForText('/pointsPerHour');
    await about.close();
    expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  });

  test.runIf(isChromium)('a changed file is applied while the browser runs', async () => {
    const about = await openAbout();
    namespace.write(fileWith({ ...policy, updateText: 'Ask Ada.' }));
    const startedMs = performance.now();
    await about.waitForText('Ask Ada.');
    told('a changed file was applied', startedMs);
    await about.waitForNoText('/pointsPerHour');
    await about.close();
  });

  // A policy that is empty for a minute counts as withdrawn.
  test.runIf(isChromium && pageCount !== undefined)(
    'a withdrawn policy takes its client and connection along, and nothing of the person',
    async () => {
      const options = await addClient(setting, { ...team, name: 'My own', clientId: 'own-client' });
      expect(await options.text()).toContain('Managed by your organization');
      namespace.write(fileWith({}));
      await expect
        .poll(() => options.text(), { timeout: 100_000, interval: 1000 })
        .not.toContain('Managed by your organization');
      const left = await options.text();
      expect(left).toContain('own-client');
      expect(left).not.toContain(team.clientId);
      await options.close();
      await page.bringToFront();
      expect(await callThreelo(page, myself)).toMatchObject({ code: 'not_connected' });
    },
  );

  // In Chromium each permission takes time to give up, while nothing else is done.
  test.runIf(pageCount !== undefined)(
    'everything is erased, and the policy is applied again',
    async () => {
      namespace.write(fileWith(policy));
      const about = await openAbout();
      await about.waitForText('Managed by your organization', 60_000);
      await about.click('Erase everything');
      await about.click('Erase now');
      const startedMs = performance.now();
      await about.waitForText(/Everything is erased|could be erased|went wrong/u, 200_000);
      told('everything was erased', startedMs);
      expect(await about.text()).toContain('Everything is erased.');
      await about.waitForText('Managed by your organization', 60_000);
      await about.close();
      page = await setting.browser.openPage(dashboard);
      expect(await page.evaluate(() => 'threelo' in window)).toBe(false);
    },
    300_000,
  );
});
