import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { commands } from '../../extension/wire/commands.ts';
import { root, sourceText } from './imports.ts';

const table = 'extension/wire/commands.ts';
const messages = 'docs/messages.md';
const names = Object.keys(commands);

/** The rows of the table that have a doc comment. */
function documentedRows(): string[] {
  const source = ts.createSourceFile(table, sourceText(table), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) {
      const comments = ts.getJSDocCommentsAndTags(node);
      if (comments.length > 0) found.push(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('commands', () => {
  it.each(names)('%s is named `noun.verb`', (name) => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+(?:-[a-z]+)*$/u);
  });

  it('says of each what it does and how it can fail', () => {
    const documented = documentedRows();
    expect(names.filter((name) => !documented.includes(name))).toEqual([]);
  });

  it.skipIf(!existsSync(join(root, messages)))('lists each in docs/messages.md', () => {
    const text = sourceText(messages);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
