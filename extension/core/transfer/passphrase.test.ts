import { expect, test } from 'vitest';
import { normalisePassphrase, passphraseStrength } from './passphrase.ts';

test.each([
  ['', 'too-short'],
  ['elevenchars', 'too-short'],
  ['twelve-chars', 'enough'],
  ['😀'.repeat(11), 'too-short'],
  ['😀'.repeat(12), 'enough'],
  ['nineteen characters', 'enough'],
  ['twenty characters it', 'long'],
  ['😀'.repeat(1024), 'long'],
  ['x'.repeat(1025), 'too-long'],
])('the length of %j is %s', (passphrase, strength) => {
  expect(passphraseStrength(passphrase)).toBe(strength);
});

test('a composed character is the same as its parts', () => {
  expect(normalisePassphrase('u\u0308ber')).toBe('\u00fcber');
  expect(passphraseStrength('u\u0308'.repeat(11))).toBe('too-short');
  expect(passphraseStrength('u\u0308'.repeat(1024))).toBe('long');
});
