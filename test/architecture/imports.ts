import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { floors } from './floor-table.ts';

export const root = join(import.meta.dirname, '../..');

/** One import statement of the product. */
export interface Import {
  readonly file: string;
  /** As written, e.g. `../core/fault.ts` or `valibot`. */
  readonly specifier: string;
  /** The files that it reaches; none for a package. One per browser for `#target/`. */
  readonly reached: readonly string[];
  readonly isTypeOnly: boolean;
}

/** Every source file of the product, tests apart. */
export const sources = globSync('{background,extension,options,popup}/**/*.{ts,tsx}', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/\.test\.|\.d\.ts$/u.test(file))
  .sort();

/** The row of the floor table that a file belongs to. */
export function floorOf(file: string): string | undefined {
  return Object.keys(floors).find((folder) => file.startsWith(`${folder}/`));
}

/** The text of a source file. */
export function sourceText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function reachedBy(file: string, specifier: string): string[] {
  const path = specifier.replace(/\?.*$/u, '');
  if (path.startsWith('.')) return [posix.join(posix.dirname(file), path)];
  if (!path.startsWith('#target/')) return [];
  return ['chrome', 'firefox'].map((name) => path.replace('#target', `extension/browser/${name}`));
}

/** What a file imports and re-exports, `import()` included. */
export function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, sourceText(file), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    found.push({ file, specifier, reached: reachedBy(file, specifier), isTypeOnly: typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const specifier = node.moduleSpecifier;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text, isTypeOnly(node));
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      add(
        argument && ts.isStringLiteral(argument) ? argument.text : 'import() of a variable',
        false,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
