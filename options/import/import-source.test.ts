import { expect, test, vi } from 'vitest';
import { createImportSource } from './import-source.ts';

const name = 'clients.json';
const file = (text: string, size = text.length) => ({
  name,
  size,
  text: () => Promise.resolve(text),
});

test('a file becomes the text', async () => {
  const source = createImportSource();
  source.type('before');
  await source.readFile(file('{}'));
  expect([source.text.value, source.fileName.value]).toEqual(['{}', name]);
  source.type('{} ');
  expect([source.text.value, source.fileName.value]).toEqual(['{} ', undefined]);
});

test('a file that is too large is not read, and the text is kept', async () => {
  const source = createImportSource();
  source.type('typed');
  const text = vi.fn(() => Promise.resolve(''));
  await source.readFile({ name, size: 20_000_001, text });
  expect(text).not.toHaveBeenCalled();
  expect([source.text.value, source.problem.value]).toEqual(['typed', 'too_large']);
  await source.readFile(file('fits', 20_000_000));
  expect([source.text.value, source.problem.value]).toEqual(['fits', undefined]);
});

test('a file that cannot be read is reported until something is typed', async () => {
  const source = createImportSource();
  await source.readFile({ name, size: 1, text: () => Promise.reject(new Error('canary')) });
  expect([source.text.value, source.problem.value]).toEqual(['', 'file_unreadable']);
  source.type('x');
  expect(source.problem.value).toBeUndefined();
});

test('of two files the one that was chosen last is used, whichever is read first', async () => {
  const source = createImportSource();
  const slow = Promise.withResolvers<string>();
  const first = source.readFile({ name, size: 1, text: () => slow.promise });
  await source.readFile(file('second'));
  slow.resolve('first');
  await first;
  expect(source.text.value).toBe('second');
});

test('text that is typed while a file is read is kept', async () => {
  const source = createImportSource();
  const slow = Promise.withResolvers<string>();
  const reading = source.readFile({ name, size: 1, text: () => slow.promise });
  source.type('typed');
  slow.resolve('file');
  await reading;
  expect(source.text.value).toBe('typed');
});
