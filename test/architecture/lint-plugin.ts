/** The rules that only this project has, for oxlint: `.oxlintrc.jsonc` says where each applies. */
import { join, relative } from 'node:path';
import type { RuleTester } from 'oxlint/plugins-dev';
import { importProblem } from './room-rules.ts';

type Rule = Parameters<RuleTester['run']>[1];

const root = join(import.meta.dirname, '../..');

/** A rule that reports what its selectors match, each with its message. */
function forbidding(selectors: Readonly<Record<string, string>>): Rule {
  return {
    create(context) {
      const visitor: ReturnType<NonNullable<Rule['create']>> = {};
      for (const [selector, message] of Object.entries(selectors))
        visitor[selector] = (node) => {
          context.report({ node, message });
        };
      return visitor;
    },
  };
}

/** Holds product files to the room table; `rooms.test.ts` does the same to all of them at once. */
const rooms: Rule = {
  create(context) {
    const file = relative(root, context.filename).replaceAll('\\', '/');
    return {
      ':matches(ImportDeclaration, ImportExpression, ExportNamedDeclaration, ExportAllDeclaration) > Literal.source'(
        node,
      ) {
        if (node.type !== 'Literal' || typeof node.value !== 'string') return;
        const problem = importProblem(file, node.value);
        if (problem !== undefined)
          context.report({ node, message: `${problem} See test/architecture/room-table.ts.` });
      },
    };
  },
};

const dated = /\b(?:todo|fixme|xxx)\b.*?\[(\d{4}-\d{2}-\d{2})\]/giu;

/** A workaround carries the day on which somebody looks again: `TODO [2027-06-01]: …`. From then on it is reported. */
const expiredTodo: Rule = {
  create(context) {
    const today = new Date().toISOString().slice(0, 10);
    return {
      Program(program) {
        for (const comment of program.comments)
          for (const [, day = ''] of comment.value.matchAll(dated))
            if (day <= today) context.report({ node: comment, message: `It was due on ${day}.` });
      },
    };
  },
};

export default {
  meta: { name: 'threelo' },
  rules: {
    rooms,
    'expired-todo': expiredTodo,
    syntax: forbidding({
      TSEnumDeclaration: 'A closed set is an `as const` array with a derived union.',
      'TSModuleDeclaration[kind="namespace"]': 'Modules are the namespaces.',
      'JSXAttribute[name.name="dangerouslySetInnerHTML"]': 'Text goes into the DOM as text.',
      'MemberExpression[property.name=/^(inner|outer|insertAdjacent)HTML$/]': 'As text.',
    }),
    // In modules and in TypeScript it is a syntax error.
    octal: forbidding({ 'Literal[raw=/^0\\d/]': 'An octal number is written 0o17.' }),
    'current-time': forbidding({
      'NewExpression[callee.name="Date"][arguments.length=0]': 'Take the time as an argument.',
    }),
  },
};
