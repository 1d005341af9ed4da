import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { reachedBy } from './room-rules.ts';

export const root = join(import.meta.dirname, '../..');

/** One import statement of the product. */
export interface Import {
  readonly file: string;
  /** As written, e.g. `../core/fault.ts` or `valibot`. */
  readonly specifier: string;
  /** The files that it reaches; none for a package. One per browser for `#target/`. */
  readonly reached: readonly string[];
}

/** Every source file of the product, tests apart. */
export const sources = globSync('{background,extension,options,popup}/**/*.{ts,tsx}', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/\.test\.|\.d\.ts$/u.test(file))
  .sort();

/** The text of a source file. */
export function sourceText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** What a file imports and re-exports, `import()` included. */
export function importsOf(file: string): Import[] {
  return importsIn(file, sourceText(file));
}

/** As {@link importsOf}, of a text. */
export function importsIn(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: string): void => {
    found.push({ file, specifier, reached: reachedBy(file, specifier) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const specifier = node.moduleSpecifier;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      add(argument && ts.isStringLiteral(argument) ? argument.text : 'import() of a variable');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
