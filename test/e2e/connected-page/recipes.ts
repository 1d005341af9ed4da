/* The code of `docs/page-authors.md`, as its readers use it. */
import { expect, test } from 'vitest';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import { withDeadline } from '../machine/deadline.ts';
import { exported, recipe, serveModule, servePage } from '../steps/recipes.ts';
import { callThreelo, connectPage } from '../steps/steps.ts';
import { page, setting, useConnectedTab } from './setting.ts';

useConnectedTab();

const host = 'first-page.threelo.test';
let first: PageUnderTest;
/** The person allows what a page asks for. */
const allow = async (): Promise<void> => {
  const ask = await setting.browser.waitForExtensionWindow('popup/ask.html');
  await ask.click({ name: /^Allow/u });
  await ask.waitForClosed();
};

test('a page can name each of its sites', async () => {
  await page.goto(serveModule(setting.standin, 'dashboard.example', 'several-sites.js'));
  expect(await exported(page, 'lists')).toEqual([
    'https://acme.atlassian.net jira, Ada Example: ROC, TNT',
    'https://acme.atlassian.net confluence, Ada Example: ENG, OPS',
  ]);
});

test('the first page says what to do, and works as soon as it is connected', async () => {
  first = await setting.browser.openPage(servePage(setting.standin, host, 'first-page.html'));
  await first.waitForText(/not connected to this page.*Connect this page/u);
  await connectPage(setting, first);
  await first.waitForText('Hello, Ada Example.');
  const [issue] = setting.standin.content.issues;
  await first.waitForText(`${issue?.key ?? ''} ${String(issue?.fields['summary'])}`);
});

test('a page knows beforehand what would refuse a call', async () => {
  await first.goto(serveModule(setting.standin, host, 'can.js'));
  const obstacles = await first.evaluate(async () => {
    const { obstacleTo } = await window.recipe;
    const told = obstacleTo as (path: string, init: object) => Promise<string | undefined>;
    const calls = [
      ['GET', '/rest/api/3/myself'],
      ['POST', '/rest/api/3/issue'],
      ['GET', '/rest/api/3/auditing/record'],
    ] as const;
    return Promise.all(calls.map(async ([method, path]) => (await told(path, { method })) ?? ''));
  });
  expect(obstacles).toEqual([
    '',
    expect.stringContaining('requestAccess'),
    'The app needs: manage:jira-configuration.',
  ]);
});

test('a page asks for write access when it needs it', async () => {
  await first.goto(serveModule(setting.standin, host, 'write.js'));
  const fields = { project: { key: 'ROC' }, summary: 'Allowed', issuetype: { name: 'Task' } };
  const created = first.evaluate(async (given) => {
    const { createIssue } = await window.recipe;
    return (createIssue as (fields: object) => Promise<string>)(given);
  }, fields);
  await allow();
  const key = await withDeadline(created, 'the issue to be created');
  expect(setting.standin.content.issues.at(-1)).toMatchObject({ key, fields });
  await first.close();
});

test('a userscript gets the paths that it asks for, and no other', async () => {
  const body = '<!doctype html><title>Tool</title><p data-issue="ROC-2">ROC-2</p>';
  setting.standin.pages.set('tool.threelo.test', '/', { body });
  const tool = await setting.browser.openPage('https://tool.threelo.test/');
  await connectPage(setting, tool);
  await tool.evaluate((text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
  }, recipe('titles.user.js'));
  await allow();
  const issue = setting.standin.content.issues.find(({ key }) => key === 'ROC-2');
  await tool.waitForText(`ROC-2 ${String(issue?.fields['summary'])}`);
  for (const path of ['/rest/api/3/myself', '/rest/api/3/issue-type', '/rest/api/3/issue'])
    expect(await callThreelo(tool, path)).toEqual({ code: 'not_allowed' });
  await tool.close();
});
