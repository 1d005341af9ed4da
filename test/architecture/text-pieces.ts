import ts from 'typescript';

/** What may stand between two texts: signs that separate them in every language. */
const separators = new Set(['', ' · ', '\n']);
/** Words, and marks that join parts of a sentence. */
const wordsOrMarks = /\p{L}{2}|[,;:.!?]/u;
/** What stands between the members of a list in a sentence. */
const listMark = /[,;、]\s|\p{L}/u;
/** The key of a text. */
const textKey = /^[a-z_]+$/u;
/** Attributes whose value a person reads or hears. */
const readAttributes =
  /^(?:title|label|hint|problem|unit|alt|text|action|aria-label|aria-description)$/u;

/**
 * Places where a sentence is built from several texts, or a text is written in the code: a translator could not change the order or
 * the marks. `t('a') + t('b')`, a template or a `join` with more than a separator between texts, a `join` with commas, which differ
 * from language to language (`Intl.ListFormat`), words or punctuation in JSX, words in an attribute that is read.
 */
export function piecesIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isBuilt(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${String(line + 1)}: ${node.getText().trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isBuilt(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    return (
      node.operatorToken.kind === ts.SyntaxKind.PlusToken && [node.left, node.right].some(asks)
    );
  }
  if (ts.isTemplateExpression(node)) return isBuiltTemplate(node);
  if (ts.isCallExpression(node)) return isBuiltList(node);
  if (ts.isJsxAttribute(node)) return isWritten(node);
  if (ts.isJsxText(node)) return !isCode(node) && wordsOrMarks.test(node.text);
  return (
    ts.isJsxExpression(node) &&
    ts.isJsxElement(node.parent) &&
    node.expression !== undefined &&
    ts.isStringLiteral(node.expression) &&
    wordsOrMarks.test(node.expression.text)
  );
}

function isBuiltTemplate({ head, templateSpans }: ts.TemplateExpression): boolean {
  const asking = templateSpans.filter(({ expression }) => asks(expression)).length;
  if (asking === 0) return false;
  const between = templateSpans.slice(0, -1).map(({ literal }) => literal.text);
  const ends = [head.text, templateSpans.at(-1)?.literal.text ?? ''];
  // A name and the word for its kind, such as the product of a site.
  const isNamed = asking === 1 && between.every((one) => one === ' ');
  return (
    ends.some((one) => one !== '') || !(isNamed || between.every((one) => separators.has(one)))
  );
}

function isBuiltList({ expression, arguments: [separator] }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'join') return false;
  const mark = separator && ts.isStringLiteral(separator) ? separator.text : undefined;
  if (mark !== undefined && listMark.test(mark)) return true;
  return (mark === undefined || !separators.has(mark)) && asks(expression.expression);
}

function isWritten({ name, initializer }: ts.JsxAttribute): boolean {
  return (
    readAttributes.test(name.getText()) &&
    initializer !== undefined &&
    ts.isStringLiteral(initializer) &&
    wordsOrMarks.test(initializer.text) &&
    !textKey.test(initializer.text)
  );
}

/** Whether an expression itself asks for a text, not in an argument of another call. */
function asks(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) {
    if (/^(?:t|tCount)$/u.test(node.expression.getText())) return true;
    const isMap = /\.(?:map|flatMap)$/u.test(node.expression.getText());
    return asks(node.expression) || (isMap && node.arguments.some(asks));
  }
  if (ts.isTemplateExpression(node)) return false;
  return ts.forEachChild(node, (child) => asks(child) || undefined) ?? false;
}

/** Code is not translated. */
function isCode({ parent }: ts.Node): boolean {
  return ts.isJsxElement(parent) && parent.openingElement.tagName.getText() === 'code';
}
