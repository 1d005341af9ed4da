import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import {
  connectPage,
  dashboard,
  openSetting,
  signedInPage,
  waitForApi,
  type Setting,
} from '../steps/steps.ts';

/* What the running test works with. An imported name always has the value of the running test. */
export let setting: Setting;
/** Only after {@link useConnectedTab}. */
export let page: PageUnderTest;

/** Opens one browser for the file, in which Ada is signed in and the dashboard is connected. Each test begins with no fault and an empty log. */
export function useConnectedOrigin(): void {
  beforeAll(async () => {
    setting = await openSetting();
    // Atlassian refuses writes that look like a browser's.
    setting.standin.xsrf = 'browser-user-agent';
    const scopes = [
      'write:jira-work',
      'write:page:confluence',
      'write:confluence-file',
      'read:attachment:confluence',
    ];
    const first = await signedInPage(setting, { scopes });
    const sites = ['Acme Jira', 'Acme Confluence'];
    await connectPage(setting, first, { sites, access: 'Read and write' });
  });
  afterAll(() => setting.close());
  beforeEach(() => {
    setting.standin.log.clear();
  });
  afterEach(() => {
    setting.standin.faults.clear();
  });
}

/** Opens a tab of the connected origin for one subject. */
export function useConnectedTab(): void {
  beforeAll(async () => {
    page = await setting.browser.openPage(dashboard);
    await waitForApi(page);
  });
  afterAll(() => page.close());
}
