import { cpSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { textsOf, translations, type Texts } from './locale-texts.ts';
import { pseudoTexts } from './pseudo-locale.ts';

/** The languages in which views can be looked at; `pseudo` is the pseudo-locale. */
export const shownLanguages: readonly string[] = ['en', 'pseudo', ...translations];

/** The texts that a browser shows in a language: those that are not translated are English. */
export function shownTexts(language: string): Texts {
  const english = textsOf('en');
  if (language === 'pseudo') return pseudoTexts(english);
  return { ...english, ...textsOf(language) };
}

/** Copies a package for {@link putLanguage}; whoever copies it removes the folder. */
export function copyPackage(packageDir: string): string {
  const copy = path.join(tmpdir(), `threelo-language-${String(process.pid)}`);
  cpSync(packageDir, copy, { recursive: true });
  return copy;
}

/** Puts a language in the place of English, so that the browser's own language does not matter. */
export function putLanguage(packageDir: string, language: string): void {
  const file = path.join(packageDir, '_locales/en/messages.json');
  writeFileSync(file, JSON.stringify(shownTexts(language)));
}
