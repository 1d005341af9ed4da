import path from 'node:path';
import type { PageUnderTest } from '../e2e/browser/browser-under-test.ts';
import {
  addClient,
  callThreelo,
  connectPage,
  consent,
  dashboard,
  startSignIn,
  team,
  type Called,
  type Setting,
} from '../e2e/steps/steps.ts';
import type { StepsLog, Told } from './steps-log.ts';

const demoClient = { ...team, name: 'Demo app', clientId: 'demo-client' };
const siteNames = ['Acme Jira', 'Acme Confluence', 'Globex Jira', 'Globex Confluence'];
const myself = 'https://acme.atlassian.net/rest/api/3/myself';
const wholePage = { width: 1180, height: 880 };

/** What the walk needs: where it happens, whom it tells, where pictures go. */
export interface Walk {
  readonly setting: Setting;
  readonly log: StepsLog;
  readonly pictures: string;
  /** A person sits before it: the page keeps their window's size and colours. */
  readonly isWatched: boolean;
}

/** The main job as a person does it; resolves to the dashboard, drawn and in front. */
export async function walkMainJob({
  setting,
  log,
  pictures,
  isWatched,
}: Walk): Promise<PageUnderTest> {
  const { browser, standin } = setting;
  const picture = (name: string): string => path.join(pictures, `${name}.png`);

  await log.step('add a client in the options page', () => configure(setting, picture));
  const page = await browser.openPage(dashboard);
  await log.step('sign in', () => signIn(setting, page, picture));
  await log.step('see the sites in the popup', () => seeSites(setting, page, picture));
  await log.step('connect the dashboard', () => connect(setting, page, picture));
  await log.step('call Jira from the page', () => callMyself(page));
  const before = standin.log.requests({ path: '/oauth/token' }).length;
  await log.step('kill the worker, and call again', async () => {
    await browser.killWorker();
    const { words } = await callMyself(page);
    const asked = standin.log.requests({ path: '/oauth/token' }).length - before;
    return told(`${words}, ${asked} token requests`);
  });
  await log.step('draw the dashboard', () => draw(page, picture, isWatched));
  await log.step('try to write with a read connection', () => tryToWrite(page, picture));
  return page;
}

type Picture = (name: string) => string;

function told(words: string): Told<undefined> {
  return { value: undefined, words };
}

async function configure(setting: Setting, picture: Picture): Promise<Told<undefined>> {
  const options = await addClient(setting, demoClient);
  await options.setViewport(wholePage);
  await options.screenshot(picture('clients'));
  await options.click('Edit');
  await options.waitForControl('Client ID');
  await options.screenshot(picture('options'));
  const callback = await options.evaluate(
    () => document.querySelector<HTMLInputElement>('#callback-url')?.value ?? '',
  );
  await options.close();
  return told(`“${demoClient.name}”, callback URL ${callback}`);
}

async function signIn(
  setting: Setting,
  page: PageUnderTest,
  picture: Picture,
): Promise<Told<undefined>> {
  const auth = await startSignIn(setting);
  await auth.waitForText('Ada');
  await auth.screenshot(picture('sign-in'));
  await consent(auth);
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Signed in as Ada Example');
  await popup.click('Dismiss');
  await popup.close();
  const [grant] = setting.standin.grants();
  return told(`Ada Example, scopes ${grant?.scopes.join(' ') ?? 'none'}`);
}

async function seeSites(
  { browser }: Setting,
  page: PageUnderTest,
  picture: Picture,
): Promise<Told<undefined>> {
  await page.bringToFront();
  const popup = await browser.openPopup();
  await popup.click({ role: 'button', name: /^Ada Example/u });
  for (const name of siteNames) await popup.waitForText(name);
  await popup.screenshot(picture('popup'));
  await popup.close();
  return told(`${siteNames.length} sites: ${siteNames.join(', ')}`);
}

async function connect(
  setting: Setting,
  page: PageUnderTest,
  picture: Picture,
): Promise<Told<undefined>> {
  const popup = await setting.browser.openPopup();
  await popup.click('Connect this page');
  await popup.waitForControl('Connect');
  await popup.screenshot(picture('connect'));
  await popup.close();
  await connectPage(setting, page, { sites: siteNames });
  const sites = await page.evaluate(() => window.threelo.sites());
  const [first] = sites;
  return told(`${dashboard} may ${first?.access ?? 'do nothing'} ${sites.length} sites`);
}

async function callMyself(page: PageUnderTest): Promise<Told<Called>> {
  const called = await callThreelo(page, myself);
  if (called.status !== 200)
    throw new Error(`came back with ${called.code ?? called.status ?? ''}`);
  const { displayName, emailAddress } = JSON.parse(called.text ?? '{}') as Record<string, string>;
  return {
    value: called,
    words: `200 from ${called.url ?? ''}: ${displayName ?? ''} <${emailAddress ?? ''}>`,
  };
}

async function draw(
  page: PageUnderTest,
  picture: Picture,
  isWatched: boolean,
): Promise<Told<undefined>> {
  await page.bringToFront();
  await page.reload();
  await page.waitForText('2 sites drawn');
  if (isWatched) {
    await page.screenshot(picture('dashboard'));
  } else {
    await page.setViewport(wholePage);
    await page.emulate({ colorScheme: 'dark' });
    await page.screenshot(picture('dashboard-dark'));
    await page.emulate({ colorScheme: 'light' });
    await page.screenshot(picture('dashboard'));
  }
  const totals = await page.evaluate(() =>
    [...document.querySelectorAll('h3')].map((heading) => heading.textContent),
  );
  return told(totals.join(', '));
}

async function tryToWrite(page: PageUnderTest, picture: Picture): Promise<Told<undefined>> {
  await page.select('Method', 'PUT');
  await page.fill('Path', '/rest/api/3/issue/ROC-80');
  await page.click('Send');
  await page.waitForText('not_allowed');
  await page.screenshot(picture('refused'));
  return told('refused with not_allowed');
}
