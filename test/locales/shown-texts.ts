import { cpSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { textsOf, type Texts } from './locale-texts.ts';
import { pseudoTexts } from './pseudo-locale.ts';

/** The texts that a browser shows in a language, or for `pseudo` in the pseudo-locale: those that are not translated are English. */
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
