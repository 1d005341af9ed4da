import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { reveal, secret } from './secret.ts';

const canary = 'canary-0123456789abcdef0123456789abcdef0123456789';

test('reveal returns the text of a secret', () => {
  expect(reveal(secret(canary))).toBe(canary);
});

test.each<[string, (wrapped: ReturnType<typeof secret>) => string]>([
  ['a template', (wrapped) => `${wrapped.toString()} ${String(wrapped)}`],
  ['JSON', (wrapped) => JSON.stringify({ wrapped, list: [wrapped] })],
  ['the console', (wrapped) => format('%s %o %O %j', wrapped, wrapped, wrapped, wrapped)],
  [
    'inspection with everything shown',
    (wrapped) => inspect(wrapped, { showHidden: true, depth: 9, getters: true }),
  ],
  [
    'its own members',
    (wrapped) => inspect(Object.getOwnPropertyDescriptors(wrapped), { depth: 9 }),
  ],
  [
    'the source of its functions',
    (wrapped) => `${wrapped.toString.toString()}${wrapped.toJSON.toString()}`,
  ],
  [
    'an error that holds it',
    (wrapped) => inspect(new Error('x', { cause: { wrapped } }), { depth: 9 }),
  ],
])('%s does not show the text', (_, show) => {
  expect(show(secret(canary))).not.toContain('canary');
});

test('a structured clone does not contain the text', () => {
  let shown: string;
  try {
    shown = inspect(structuredClone(secret(canary)), { showHidden: true });
  } catch (thrown) {
    shown = inspect(thrown);
  }
  expect(shown).not.toContain('canary');
});

test('reveal throws for an object that secret() did not create', () => {
  expect(() => reveal({ toString: () => canary, toJSON: () => canary })).toThrow(TypeError);
});

test('a secret cannot be changed', () => {
  expect(Object.isFrozen(secret(canary))).toBe(true);
});
