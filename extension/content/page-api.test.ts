import { expect, test } from 'vitest';
import { threelo, usePageWorker, worker } from '../../test/support/page-worker.ts';

usePageWorker();

const asking = [
  ['sites', 'page.sites', () => threelo.sites()],
  ['can', 'page.can', () => threelo.can('/rest/api/3/myself')],
] as const;

test.each(asking)('%s is sent once more when the worker stops', async (_, command, ask) => {
  worker.lost = [command];
  expect(await ask()).toMatchObject({ status: 200 });
  expect(worker.commands).toEqual([command, command]);
});

test.each(asking)('%s fails when the worker stops both times', async (_, command, ask) => {
  worker.lost = [command, command];
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  expect(worker.commands).toEqual([command, command]);
});

test.each([
  ['requestAccess', 'page.request-access', () => threelo.requestAccess()],
  ['disconnect', 'page.disconnect', () => threelo.disconnect()],
] as const)('%s, which changes something, is sent once', async (_, command, ask) => {
  worker.lost = [command];
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  expect(worker.commands).toEqual([command]);
});
