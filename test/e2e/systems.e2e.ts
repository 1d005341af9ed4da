/* Every system, by a person who clicks: client, sign-in, connection, refresh, a new worker, sign-out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dcFileBytes } from '../standin/data-center/dc-files.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { digest, downloadIn } from './steps/download.ts';
import { exported, serveModule } from './steps/recipes.ts';
import {
  callbackUrlIn,
  callThreelo,
  connectPage,
  consent,
  openSetting,
  settleFirstRun,
  signOut,
  team,
  type Setting,
} from './steps/steps.ts';
import { typedSystems, type TypedSystem } from './steps/typed-systems.ts';

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting();
});
afterAll(() => setting.close());

/** Adds the client of a system in the options page and registers it there. */
async function addSystem(system: TypedSystem): Promise<PageUnderTest> {
  const { browser, standin } = setting;
  const client = { ...team, name: system.name };
  const options = await browser.openExtensionPage('options/index.html');
  await options.click('Add client');
  await options.select('Type', system.type);
  await options.fill('Name', client.name);
  await system.fill(options, client, standin);
  const callbackUrl = await callbackUrlIn(options);
  await options.click('Save');
  await options.waitForText(`“${client.name}” is saved.`);
  await settleFirstRun(setting);
  // A client that signs with RSA is shown with its public key, to be taken along.
  const publicKeyPem = await shown(options, '#consumer-publicKey');
  system.register(standin, client, { callbackUrl, publicKeyPem });
  if (publicKeyPem !== '') await options.click('Clients');
  return options;
}

/** The value that a field shows; empty when it is not there. */
const shown = (options: PageUnderTest, field: string): Promise<string> =>
  options.evaluate(
    (selector) =>
      document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector)?.value ?? '',
    field,
  );

/** New tokens for old ones, so far. */
const renewals = ({ isRenewal }: TypedSystem): number =>
  isRenewal === undefined ? 0 : setting.standin.log.filter(isRenewal).length;

/** Starts the sign-in and allows what the browser asks for. */
async function startSystem(system: TypedSystem, options: PageUnderTest): Promise<PageUnderTest> {
  const { browser } = setting;
  if (system.signsInFrom === 'popup') {
    const popup = await browser.openPopup();
    // With one client alone it does not name it.
    await popup.click({ name: new RegExp(`^Sign in( with ${system.name})?$`, 'u') });
  } else {
    await options.click({ role: 'button', name: 'Sign in', within: system.name });
  }
  const isFirst = typedSystems.find(({ tokenHost }) => tokenHost === system.tokenHost) === system;
  if (isFirst && !system.isInManifest) await browser.answerPermissionPrompt('allow');
  return browser.waitForAuthWindow();
}

describe.each(typedSystems)('$name ($type)', (system) => {
  const called = { status: 200, url: `${system.site}${system.path}` };
  let page: PageUnderTest;

  test('a person adds the client and signs in, when the hosts are allowed', async () => {
    const options = await addSystem(system);
    await consent(await startSystem(system, options), 'Ada', system.consentButton);
    // Bitbucket returns only her user name.
    await options.waitForText(new RegExp(`Signed in as ${system.account ?? 'Ada'}`, 'iu'));
    await options.close();
  });

  test('a connected page calls it, also after a refresh and with a new worker', async () => {
    const host = `${system.name.toLowerCase().replace(' ', '-')}.threelo.test`;
    setting.standin.pages.set(host, '/', { body: '<!doctype html><title>Page</title>' });
    page = await setting.browser.openPage(`https://${host}/`);
    // The auth window was in front meanwhile.
    await page.bringToFront();
    const { host: siteHost } = new URL(system.site);
    const isCloud = siteHost.startsWith('acme.');
    await connectPage(setting, page, { sites: [isCloud ? `Jira ${siteHost}` : siteHost] });
    expect(await callThreelo(page, system.path)).toMatchObject(called);
    expect(renewals(system)).toBe(0);

    system.expire(setting.standin);
    expect(await callThreelo(page, system.path)).toMatchObject(called);
    const isRenewed = system.isRenewal === undefined ? 0 : 1;
    expect(renewals(system)).toBe(isRenewed);

    await setting.browser.killWorker();
    expect(await callThreelo(page, system.path)).toMatchObject(called);
    expect(renewals(system)).toBe(isRenewed);
  });

  test('a file outside the REST API arrives byte for byte, if it has any', async () => {
    const { file, site } = system;
    if (file === undefined) return;
    expect(await downloadIn(page, file)).toMatchObject({
      status: 200,
      url: `${site}${file}`,
      digest: digest(dcFileBytes(file)),
    });
  });

  const { recipe } = system;
  if (recipe !== undefined)
    test('the module in docs/page-authors.md calls it', async () => {
      await page.goto(serveModule(setting.standin, new URL(await page.url()).host, recipe));
      expect(await exported(page, 'displayName')).toBe('Ada Example');
    });

  test('signing out ends the session, and revokes the tokens if the system has a revocation endpoint', async () => {
    setting.standin.log.clear();
    const popup = await setting.browser.openPopup();
    await signOut(popup, system.account ?? 'Ada');
    await popup.waitForText('You are not signed in');
    const { isRevocation } = system;
    if (isRevocation !== undefined) {
      const { status } = await setting.standin.log.waitFor(
        (request) => isRevocation(request) && request.status !== undefined,
      );
      expect(status).toBe(200);
    }
    expect(await callThreelo(page, system.path)).toEqual({ code: 'not_connected' });
    await page.close();
  });
});

test('no token went astray, and no call carried a cookie', () => {
  const { crossings, secretsInUrls, cookieHeaders, strayBearers } = setting.standin.auditor;
  expect({ crossings, secretsInUrls, cookieHeaders, strayBearers }).toEqual({
    crossings: [],
    secretsInUrls: [],
    cookieHeaders: [],
    strayBearers: [],
  });
});
