/**
 * The fewest characters of a passphrase. Whoever has the file can try passphrases offline, about 15,000 a second on a graphics
 * card at 600,000 rounds: eight random lower-case letters last half a year at most, twelve more than 100,000 years.
 */
const minPassphraseLength = 12;

/** The most characters of a passphrase. */
const maxPassphraseLength = 1024;

/** How hard a passphrase is to guess, as far as its length shows; `too-long` for one that is not taken. */
export type PassphraseStrength = 'too-short' | 'enough' | 'long' | 'too-long';

/** From this length on, a passphrase of common words suffices too. */
const longPassphraseLength = 20;

/** Judges a passphrase by its number of characters. */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const { length } = [...normalisePassphrase(passphrase)];
  if (length < minPassphraseLength) return 'too-short';
  if (length > maxPassphraseLength) return 'too-long';
  return length < longPassphraseLength ? 'enough' : 'long';
}

/** Whether an export can have this passphrase. */
export function isPassphrase(typed: string): boolean {
  return passphraseStrength(typed) !== 'too-long';
}

/** Why a new export may not have this passphrase. */
export function newPassphraseProblem(typed: string): 'too-short' | 'too-long' | undefined {
  const strength = passphraseStrength(typed);
  return strength === 'too-short' || strength === 'too-long' ? strength : undefined;
}

/** The passphrase as the key is derived from it: keyboards of different systems compose the same character differently. */
export function normalisePassphrase(passphrase: string): string {
  return passphrase.normalize('NFC');
}
