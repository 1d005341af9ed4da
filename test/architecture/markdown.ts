import { sourceText } from './imports.ts';

/** The rows of the tables under one heading of a document, without their header rows: the cells of each row. */
export function tableRows(file: string, heading: string): string[][] {
  const rows = sectionOf(file, heading).matchAll(/^\|(.*)\|$/gmu);
  const cells = [...rows].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
  const isRule = (row: readonly string[] | undefined): boolean => /^-+$/u.test(row?.[0] ?? '');
  return cells.filter((row, at) => !isRule(row) && !isRule(cells[at + 1]));
}

/** The text under one heading, up to the next heading of the same level. */
export function sectionOf(file: string, heading: string): string {
  const [, text] = sourceText(file).split(`\n${heading}\n`);
  if (text === undefined) throw new Error(`${file} has no heading “${heading}”`);
  const [marks = ''] = heading.split(' ');
  return text.split(`\n${marks} `)[0] ?? '';
}

/** What is in backticks, apart from blocks of code. */
export function codeSpans(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```$/gmu, '').matchAll(/`([^`]+)`/gu)].map(
    ([, span = '']) => span,
  );
}

/** Every text that a pattern with alternatives in braces stands for: `a{b,c}` is `ab` and `ac`. */
export function expandBraces(text: string): string[] {
  const [whole, choices = ''] = /\{([^{}]*)\}/u.exec(text) ?? [];
  if (whole === undefined) return [text];
  return choices.split(',').flatMap((choice) => expandBraces(text.replace(whole, choice)));
}
