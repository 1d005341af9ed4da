import { expect, test } from 'vitest';
import { aDraft } from '../../support/harness.ts';
import { harness, revive, useBackground } from '../use-session.ts';

useBackground();

const opened = (): string[] => [...harness.world.openWindows.values()];

test('the first run opens in one tab, and a killed worker opens it no second time', async () => {
  await harness.background.firstRun.open();
  expect(opened()).toEqual(['options/index.html#/welcome']);
  await revive();
  expect(opened()).toEqual(['options/index.html#/welcome']);
});

test('the first run does not open where a client is set up already', async () => {
  await harness.ui('client.create', { client: aDraft() });
  await revive();
  await harness.background.firstRun.open();
  expect(opened()).toEqual([]);
});
